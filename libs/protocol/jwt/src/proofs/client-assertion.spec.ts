import type { SigningKey } from '../keys/key-types.js';
import { generateSigningKey, verificationKeyOf } from '../keys/signing-key.js';
import { signJwt } from '../sign/sign.js';
import { maxAssertionLifetime, verifyClientAssertion, type ClientAssertionRules } from './client-assertion.js';

const now = 1_800_000_000;
const issuer = 'https://id.example/acme/-/worker';
let key: SigningKey;
let stranger: SigningKey;
beforeAll(async () => {
  key = await generateSigningKey('ES256');
  stranger = await generateSigningKey('ES256');
});

const rules = (changes: Partial<ClientAssertionRules> = {}): ClientAssertionRules => ({
  client_id: 'worker',
  keys: [verificationKeyOf(key)],
  algs: ['ES256', 'RS256'],
  audiences: [issuer, `${issuer}/oauth/token`],
  now,
  ...changes,
});
const good = { iss: 'worker', sub: 'worker', aud: issuer, jti: 'one', iat: now, exp: now + 60 };
const assertion = async (changes: object = {}, signer = key, typ = 'JWT') =>
  signJwt({ typ }, JSON.parse(JSON.stringify({ ...good, ...changes })) as object, signer);
const codeOf = async (text: unknown, changes?: Partial<ClientAssertionRules>) => {
  const result = verifyClientAssertion(await text, rules(changes));
  return result.ok ? 'ok' : result.error.code;
};

describe('client assertions, RFC 7523 3', () => {
  it('accepts a good one and says how long its jti counts', async () => {
    expect(verifyClientAssertion(await assertion(), rules())).toEqual({
      ok: true,
      value: { client_id: 'worker', jti: 'one', remember_until: now + 70 },
    });
  });

  it.each([
    ['the issuer as audience', { aud: issuer }],
    ['the token endpoint as audience', { aud: `${issuer}/oauth/token` }],
    ['a list of audiences', { aud: ['x', issuer] }],
    ['no iat', { iat: undefined }],
    ['expired within the skew', { exp: now - 5 }],
    ['the longest lifetime', { exp: now + maxAssertionLifetime }],
  ])('accepts %s', async (_title, changes) => {
    expect(await codeOf(assertion(changes))).toBe('ok');
  });

  it.each(['', 'JWT', 'client-authentication+jwt'])('accepts typ %p', async (typ) => {
    expect(await codeOf(assertion({}, key, typ))).toBe('ok');
  });

  it.each([
    ['another issuer', { iss: 'other' }, 'issuer_mismatch'],
    ['no issuer', { iss: undefined }, 'claim_missing'],
    ['another subject', { sub: 'other' }, 'claim_invalid'],
    ['no subject', { sub: undefined }, 'claim_missing'],
    ['another audience', { aud: 'https://other.example' }, 'audience_mismatch'],
    ['a prefix of the audience', { aud: 'https://id.example/acme/-' }, 'audience_mismatch'],
    ['no audience', { aud: undefined }, 'claim_missing'],
    ['no jti', { jti: undefined }, 'claim_missing'],
    ['an empty jti', { jti: '' }, 'claim_invalid'],
    ['an endless jti', { jti: 'x'.repeat(257) }, 'claim_invalid'],
    ['no exp', { exp: undefined }, 'claim_missing'],
    ['expired', { exp: now - 10 }, 'expired'],
    ['an exp too far away', { exp: now + maxAssertionLifetime + 11 }, 'claim_invalid'],
    ['an iat in the future', { iat: now + 11 }, 'not_yet_valid'],
    ['an nbf in the future', { nbf: now + 11 }, 'not_yet_valid'],
  ])('refuses %s', async (_title, changes, code) => {
    expect(await codeOf(assertion(changes))).toBe(code);
  });

  it('refuses the key of somebody else', async () => {
    expect(await codeOf(assertion({}, stranger))).toBe('unknown_kid');
    expect(await codeOf(assertion({}, { ...stranger, kid: key.kid }))).toBe('signature_invalid');
  });

  it('refuses an access token or a request object taken for an assertion', async () => {
    expect(await codeOf(assertion({}, key, 'at+jwt'))).toBe('typ_mismatch');
    expect(await codeOf(assertion({}, key, 'oauth-authz-req+jwt'))).toBe('typ_mismatch');
  });

  it('refuses an algorithm that the client may not use, and what is no token', async () => {
    expect(await codeOf(assertion(), { algs: ['RS256'] })).toBe('alg_not_allowed');
    expect(await codeOf('nonsense')).toBe('malformed');
    expect(await codeOf('x'.repeat(16_385))).toBe('too_large');
  });
});
