import { certificateBase64, certificatePem, shortCertificate } from '../../test/certificate.js';
import { readCertificate } from './certificates.js';

describe('Certificates, as administrators paste them', () => {
  it.each([
    ['PEM', certificatePem],
    ['base64', certificateBase64],
    ['base64 on several lines', certificateBase64.replace(/(.{64})/g, '$1\r\n')],
    ['PEM on one line', certificatePem.replace(/\n/g, '')],
  ])('are read as %s', (_what, text) => {
    const read = readCertificate(text);
    expect(read).toMatchObject({
      ok: true,
      value: { certificate: certificateBase64, subject: expect.stringContaining('CN=idp.example') },
    });
    if (!read.ok) return;
    expect(read.value.key_type).toBe('rsa');
    expect(read.value.not_after - read.value.not_before).toBe(36_500 * 86_400);
    expect(read.value.sha256_fingerprint).toMatch(/^[0-9A-F]{64}$/);
  });

  it.each(['', 'x', 'A'.repeat(400), certificatePem.replace('MII', 'MIJ'), '-----BEGIN PRIVATE KEY-----'])(
    'are refused when they are none: %s',
    (text) => {
      expect(readCertificate(text)).toMatchObject({ ok: false, error: { reason: 'certificate_invalid' } });
    },
  );

  it('are refused with a key that nothing can be checked with', () => {
    const outcome = readCertificate(shortCertificate);
    expect(outcome).toMatchObject({ ok: false, error: { message: expect.stringContaining('at least 2048 bits') } });
  });
});
