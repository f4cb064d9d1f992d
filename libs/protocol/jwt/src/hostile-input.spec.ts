import { SignJWT } from 'jose';
import {
  decodeJwt,
  generateSigningKey,
  importPublicJwk,
  parseJwks,
  signingAlgs,
  signJwt,
  verificationKeyOf,
  verifyClientAssertion,
  verifyDpopProof,
  verifyJwt,
} from './index.js';

const now = 1_800_000_000;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const odd: unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  Number.POSITIVE_INFINITY,
  NaN,
  '',
  'x',
  [],
  [[]],
  {},
  { a: {} },
  ['x', 5],
  '\u0000',
  'x'.repeat(5_000),
];

describe('hostile input', () => {
  it('every odd value in every place of a token is refused by a value, never by a throw', async () => {
    const key = await generateSigningKey('ES256');
    const keys = [verificationKeyOf(key)];
    const rules = { keys, algs: signingAlgs, typ: ['jwt', ''], issuer: 'i', audience: 'a', now, required: ['sub'] };
    for (const value of odd) {
      for (const member of ['alg', 'typ', 'kid', 'crit', 'jwk', 'jku', 'b64', 'cty']) {
        const token = `${encode({ alg: 'ES256', typ: 'JWT', kid: key.kid, [member]: value })}.${encode({})}.AA`;
        expect(verifyJwt(token, rules).ok).toBe(false);
        verifyDpopProof(token, { method: 'GET', url: 'https://x/', now });
      }
      for (const member of ['iss', 'aud', 'exp', 'nbf', 'iat', 'sub', 'jti']) {
        const token = await signJwt({ typ: 'JWT' }, { [member]: value }, key);
        expect(verifyJwt(token, rules).ok).toBe(false);
        expect(verifyClientAssertion(token, { ...rules, client_id: 'c', audiences: ['a'] }).ok).toBe(false);
      }
      expect(decodeJwt(value).ok).toBe(false);
      importPublicJwk(value);
      parseJwks(value);
      parseJwks({ keys: [value] });
      for (const member of ['kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'use', 'key_ops', 'kid']) {
        parseJwks({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', [member]: value }] });
        parseJwks({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AQAB', y: 'AQAB', [member]: value }] });
      }
    }
  });

  it('every odd value in a proof of possession too', async () => {
    const key = await generateSigningKey('ES256');
    const { jwk } = { jwk: verificationKeyOf(key).publicKey.export({ format: 'jwk' }) };
    for (const value of odd) {
      for (const member of ['jti', 'htm', 'htu', 'iat', 'ath', 'exp']) {
        const good = { jti: 'j', htm: 'GET', htu: 'https://x/', iat: now };
        const payload = JSON.parse(JSON.stringify({ ...good, [member]: value })) as Record<string, unknown>;
        const proof = await new SignJWT(payload)
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
          .sign(key.privateKey);
        verifyDpopProof(proof, { method: 'GET', url: 'https://x/', now, access_token: 't' });
      }
    }
    expect.assertions(0);
  });

  it('one flipped bit anywhere in a token is noticed', async () => {
    for (const alg of signingAlgs) {
      const key = await generateSigningKey(alg);
      const token = await signJwt({ typ: 'JWT' }, { sub: 'ada', exp: now + 60 }, key);
      const rules = { keys: [verificationKeyOf(key)], algs: signingAlgs, typ: ['jwt'], now };
      const parts = token.split('.');
      for (let part = 0; part < 3; part++) {
        const bytes = Buffer.from(parts[part] as string, 'base64url');
        for (let at = 0; at < bytes.length; at += 7) {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] as number) ^ (1 << (at % 8));
          const forged = parts.map((text, index) => (index === part ? changed.toString('base64url') : text)).join('.');
          expect(verifyJwt(forged, rules).ok).toBe(false);
        }
      }
    }
  });
});
