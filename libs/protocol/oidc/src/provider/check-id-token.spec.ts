import {
  generateSigningKey,
  signJwt,
  tokenHash,
  verificationKeyOf,
  type SigningAlg,
  type SigningKey,
} from '@corsac/jwt';
import { checkIdToken, type IdTokenRules } from './check-id-token.js';

const now = 1_800_000_000;
const algs = ['RS256', 'ES256', 'EdDSA'] as const;
const keys = {} as Record<SigningAlg, SigningKey>;
beforeAll(async () => {
  for (const alg of algs) keys[alg] = await generateSigningKey(alg);
});

const good = { iss: 'https://op', sub: 'ada', aud: 'corsac', iat: now, exp: now + 60, nonce: 'no' };
const tokenOf = async (changes: object = {}, key = keys.ES256, typ = 'JWT') =>
  signJwt({ typ }, JSON.parse(JSON.stringify({ ...good, ...changes })) as object, key);
const check = async (token: string | Promise<string>, changes: Partial<IdTokenRules> = {}) => {
  const result = checkIdToken(await token, {
    keys: algs.map((alg) => verificationKeyOf(keys[alg])),
    algs,
    issuers: ['https://op'],
    client_id: 'corsac',
    nonce: 'no',
    now,
    front_channel: false,
    ...changes,
  });
  return result.ok ? 'ok' : result.error.code;
};

describe('an ID token of a provider, OIDC Core 3.1.3.7', () => {
  it.each(algs)('is accepted with %s', async (alg) => {
    const hashes = { at_hash: tokenHash('a', alg), c_hash: tokenHash('c', alg) };
    expect(await check(tokenOf(hashes, keys[alg]), { access_token: 'a', code: 'c', front_channel: true })).toBe('ok');
  });

  it.each<[string, object, Partial<IdTokenRules>, string]>([
    ['another issuer', { iss: 'https://op/' }, {}, 'issuer_mismatch'],
    ['a listed issuer', { iss: 'https://b' }, { issuers: ['https://op', 'https://b'] }, 'ok'],
    ['another audience', { aud: 'other' }, {}, 'audience_mismatch'],
    ['us among several, without azp', { aud: ['corsac', 'other'] }, {}, 'claim_missing'],
    ['us among several, as azp', { aud: ['corsac', 'other'], azp: 'corsac' }, {}, 'ok'],
    ['a list of us alone', { aud: ['corsac'] }, {}, 'ok'],
    ['another azp', { azp: 'other' }, {}, 'audience_mismatch'],
    ['an azp that is no text', { azp: null }, {}, 'audience_mismatch'],
    ['no subject', { sub: undefined }, {}, 'claim_missing'],
    ['an empty subject', { sub: '' }, {}, 'claim_invalid'],
    ['an endless subject', { sub: 'x'.repeat(1_001) }, {}, 'claim_invalid'],
    ['no iat', { iat: undefined }, {}, 'claim_missing'],
    ['no exp', { exp: undefined }, {}, 'claim_missing'],
    ['expired within the skew', { exp: now - 59 }, {}, 'ok'],
    ['expired', { exp: now - 60 }, {}, 'expired'],
    ['expired without skew', { exp: now - 1 }, { clockSkew: 0 }, 'expired'],
    ['another nonce', { nonce: 'x' }, {}, 'claim_invalid'],
    ['no nonce', { nonce: undefined }, {}, 'claim_invalid'],
    ['any nonce when none was sent', { nonce: 'x' }, { nonce: undefined }, 'ok'],
    ['no auth_time after max_age', {}, { max_age: 5 }, 'claim_missing'],
    ['auth_time as text', { auth_time: String(now) }, { max_age: 5 }, 'claim_missing'],
    ['a recent auth_time', { auth_time: now - 65 }, { max_age: 5 }, 'ok'],
    ['an old auth_time', { auth_time: now - 66 }, { max_age: 5 }, 'too_old'],
    ['a wrong at_hash', { at_hash: 'x' }, { access_token: 'a' }, 'claim_invalid'],
    ['no at_hash from the token endpoint', {}, { access_token: 'a' }, 'ok'],
    ['no at_hash from the browser', {}, { access_token: 'a', front_channel: true }, 'claim_invalid'],
    ['no c_hash from the browser', {}, { code: 'c', front_channel: true }, 'claim_invalid'],
    ['a wrong c_hash', { c_hash: 'x' }, { code: 'c', front_channel: true }, 'claim_invalid'],
    ['an at_hash of another algorithm', { at_hash: tokenHash('a', 'EdDSA') }, { access_token: 'a' }, 'claim_invalid'],
    ['an algorithm that the provider does not use', {}, { algs: ['RS256'] }, 'alg_not_allowed'],
    ['a key that is not published', {}, { keys: [] }, 'unknown_kid'],
  ])('%s', async (_title, changes, rules, code) => {
    expect(await check(tokenOf(changes), rules)).toBe(code);
  });

  it.each(['at+jwt', 'logout+jwt'])('refuses a %s', async (typ) => {
    expect(await check(tokenOf({}, keys.ES256, typ))).toBe('typ_mismatch');
  });

  it('takes the newer name Ed25519 in the header for the hashes too', async () => {
    const { SignJWT } = await import('jose');
    const token = await new SignJWT({ ...good, at_hash: tokenHash('a', 'EdDSA') })
      .setProtectedHeader({ alg: 'Ed25519', kid: keys.EdDSA.kid })
      .sign(keys.EdDSA.privateKey);
    expect(await check(token, { access_token: 'a' })).toBe('ok');
  });

  it('refuses an unsigned token, also from the token endpoint', async () => {
    const [, payload] = (await tokenOf()).split('.');
    expect(await check(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.AA`)).toBe('alg_not_allowed');
  });
});
