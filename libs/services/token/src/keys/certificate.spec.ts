import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { selfSignedCertificate } from './certificate.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const make = (parts: Partial<Parameters<typeof selfSignedCertificate>[2]> = {}): X509Certificate =>
  new X509Certificate(
    Buffer.from(
      selfSignedCertificate(publicKey, privateKey, {
        commonName: 'Corsac acme/-',
        notBefore: 1_800_000_000,
        notAfter: 1_900_000_000,
        ...parts,
      }),
      'base64',
    ),
  );

describe('Self-signed certificate, RFC 5280', () => {
  it('is read by OpenSSL, carries the key and is signed with it', () => {
    const certificate = make();
    expect(certificate.verify(publicKey)).toBe(true);
    expect(certificate.publicKey.equals(publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('names its subject as its issuer', () => {
    const certificate = make();
    expect(certificate.subject).toBe('CN=Corsac acme/-');
    expect(certificate.issuer).toBe(certificate.subject);
  });

  it('keeps both ends of its validity to the second', () => {
    const { validFrom, validTo } = make();
    expect(Date.parse(validFrom) / 1000).toBe(1_800_000_000);
    expect(Date.parse(validTo) / 1000).toBe(1_900_000_000);
  });

  it('writes years from 2050 on as GeneralizedTime', () => {
    const after2050 = Date.UTC(2060, 0, 2, 3, 4, 5) / 1000;
    expect(Date.parse(make({ notAfter: after2050 }).validTo) / 1000).toBe(after2050);
  });

  it('wraps a P-256 key, which signs it and opens nothing', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const subject = { commonName: 'Corsac acme/-', notBefore: 1_800_000_000, notAfter: 1_900_000_000 };
    const text = selfSignedCertificate(pair.publicKey, pair.privateKey, subject);
    const certificate = new X509Certificate(Buffer.from(text, 'base64'));
    expect(certificate.verify(pair.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(pair.privateKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
  });

  it('cuts a name to 64 characters', () => {
    expect(make({ commonName: 'x'.repeat(100) }).subject).toBe(`CN=${'x'.repeat(64)}`);
  });
});
