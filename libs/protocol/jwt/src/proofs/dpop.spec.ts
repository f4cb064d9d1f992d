import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, SignJWT, type JWK } from 'jose';
import { dpopWindow, verifyDpopProof, type DpopRules } from './dpop.js';

const now = 1_800_000_000;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = pair.publicKey.export({ format: 'jwk' }) as JWK;
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');

const rules = (changes: Partial<DpopRules> = {}): DpopRules => ({
  method: 'POST',
  url: 'https://id.example/acme/-/shop/oauth/token',
  now,
  ...changes,
});
const good = { jti: 'one', htm: 'POST', htu: 'https://id.example/acme/-/shop/oauth/token', iat: now };
const proof = (payload: object = {}, header: object = {}, key: KeyObject = pair.privateKey): Promise<string> =>
  new SignJWT(JSON.parse(JSON.stringify({ ...good, ...payload })) as Record<string, unknown>)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(key);
const codeOf = (text: unknown, changes?: Partial<DpopRules>) => {
  const result = verifyDpopProof(text, rules(changes));
  return result.ok ? 'ok' : result.error.code;
};

describe('DPoP proofs, RFC 9449 4.3', () => {
  it('accepts a good proof and says key, jti and how long to remember it', async () => {
    expect(verifyDpopProof(await proof(), rules())).toEqual({
      ok: true,
      value: {
        jkt: await calculateJwkThumbprint(jwk),
        jti: 'one',
        iat: now,
        remember_until: now + dpopWindow.before + dpopWindow.after,
      },
    });
  });

  it.each([
    ['RS256', rsa],
    ['PS256', rsa],
    ['EdDSA', ed],
  ])('accepts %s', async (alg, { privateKey, publicKey }) => {
    const header = { alg, jwk: publicKey.export({ format: 'jwk' }) };
    expect(codeOf(await proof({}, header, privateKey))).toBe('ok');
  });

  it.each([
    ['no text', undefined, 'malformed'],
    ['an oversized proof', 'x'.repeat(9_000), 'too_large'],
  ])('refuses %s', (_title, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it.each([
    ['another type', {}, { typ: 'JWT' }, 'typ_mismatch'],
    ['no type', {}, { typ: undefined }, 'typ_mismatch'],
    ['no key', {}, { jwk: undefined }, 'key_invalid'],
    ['a private key in the header', {}, { jwk: pair.privateKey.export({ format: 'jwk' }) }, 'key_invalid'],
    ['a symmetric key', {}, { jwk: { kty: 'oct', k: 'AA' } }, 'key_invalid'],
    [
      'another key than the one that signed',
      {},
      { jwk: other.publicKey.export({ format: 'jwk' }) },
      'signature_invalid',
    ],
    ['a key of another type', {}, { jwk: ed.publicKey.export({ format: 'jwk' }) }, 'no_usable_key'],
    ['an address of keys', {}, { jku: 'https://evil.example' }, 'header_not_allowed'],
    ['no jti', { jti: undefined }, {}, 'claim_missing'],
    ['an empty jti', { jti: '' }, {}, 'claim_invalid'],
    ['an endless jti', { jti: 'x'.repeat(257) }, {}, 'claim_invalid'],
    ['a jti that is no text', { jti: 5 }, {}, 'claim_invalid'],
    ['no method', { htm: undefined }, {}, 'claim_missing'],
    ['another method', { htm: 'GET' }, {}, 'proof_mismatch'],
    ['a method in lower case', { htm: 'post' }, {}, 'proof_mismatch'],
    ['no address', { htu: undefined }, {}, 'claim_missing'],
    ['an address that is none', { htu: 'token' }, {}, 'proof_mismatch'],
    ['an address that is no text', { htu: 5 }, {}, 'proof_mismatch'],
    ['another path', { htu: 'https://id.example/acme/-/shop/oauth/par' }, {}, 'proof_mismatch'],
    ['another host', { htu: 'https://evil.example/acme/-/shop/oauth/token' }, {}, 'proof_mismatch'],
    ['another scheme', { htu: 'http://id.example/acme/-/shop/oauth/token' }, {}, 'proof_mismatch'],
    ['no time', { iat: undefined }, {}, 'claim_missing'],
    ['a time as text', { iat: String(now) }, {}, 'claim_invalid'],
    ['a proof that is too old', { iat: now - dpopWindow.before - 1 }, {}, 'too_old'],
    ['a proof from the future', { iat: now + dpopWindow.after + 1 }, {}, 'not_yet_valid'],
    ['an expired proof', { exp: now - 1 }, {}, 'expired'],
  ])('refuses %s', async (_title, payload, header, code) => {
    expect(codeOf(await proof(payload, header))).toBe(code);
  });

  it('refuses an HMAC', async () => {
    const token = await new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk })
      .sign(Buffer.alloc(32, 1));
    expect(codeOf(token)).toBe('alg_not_allowed');
  });

  it('refuses an algorithm that is not offered', async () => {
    expect(codeOf(await proof(), { algs: ['EdDSA'] })).toBe('alg_not_allowed');
  });

  it.each([
    ['query and fragment', `${good.htu}?a=b#c`],
    ['the default port', good.htu.replace('id.example', 'id.example:443')],
    ['the case of the host', good.htu.replace('id.example', 'ID.example')],
  ])('does not compare %s', async (_title, htu) => {
    expect(codeOf(await proof({ htu }))).toBe('ok');
  });

  it('takes a proof at both ends of the window', async () => {
    expect(codeOf(await proof({ iat: now - dpopWindow.before }))).toBe('ok');
    expect(codeOf(await proof({ iat: now + dpopWindow.after }))).toBe('ok');
  });

  it('at a resource the proof must carry the hash of the token', async () => {
    const access_token = 'a.b.c';
    const ath = createHash('sha256').update(access_token).digest('base64url');
    expect(codeOf(await proof({ ath }), { access_token })).toBe('ok');
    expect(codeOf(await proof(), { access_token })).toBe('proof_mismatch');
    expect(codeOf(await proof({ ath: 'short' }), { access_token })).toBe('proof_mismatch');
    expect(codeOf(await proof({ ath: ath.replace(/./, '_') }), { access_token: `${access_token}x` })).toBe(
      'proof_mismatch',
    );
  });

  it('refuses the proof of another key than the bound one', async () => {
    expect(codeOf(await proof(), { jkt: await calculateJwkThumbprint(jwk) })).toBe('ok');
    expect(codeOf(await proof(), { jkt: 'x'.repeat(43) })).toBe('proof_mismatch');
  });
});
