import { tokenHash } from './token-hash.js';

describe('at_hash and c_hash, OIDC Core 3.1.3.6', () => {
  it('is that of the example in OIDC Core appendix A.3', () => {
    expect(tokenHash('jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y', 'RS256')).toBe('77QmUPtjPfzWtF2AnpK9RQ');
  });

  it('is that of the example for codes in OIDC Core appendix A.4', () => {
    expect(tokenHash('Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk', 'RS256')).toBe(
      'LDktKdoQak3Pk0cnXxCltA',
    );
  });

  it.each(['RS256', 'PS256', 'ES256'] as const)('%s uses half of SHA-256', (alg) => {
    expect(Buffer.from(tokenHash('x', alg), 'base64url')).toHaveLength(16);
  });

  it('EdDSA uses half of SHA-512', () => {
    expect(Buffer.from(tokenHash('x', 'EdDSA'), 'base64url')).toHaveLength(32);
  });
});
