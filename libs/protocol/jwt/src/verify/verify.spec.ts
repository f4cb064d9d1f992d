import { createHmac, createPublicKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { signingAlgs, type SigningAlg } from '../algorithms.js';
import type { JwtErrorCode } from '../errors.js';
import type { SigningKey, VerificationKey } from '../keys/key-types.js';
import { exportPublicJwk, generateSigningKey, verificationKeyOf } from '../keys/signing-key.js';
import { signJwt } from '../sign/sign.js';
import { verifyJwt, type VerifyRules } from './verify.js';

const now = 1_800_000_000;
const keys = {} as Record<SigningAlg, SigningKey>;
let known: VerificationKey[];
beforeAll(async () => {
  for (const alg of signingAlgs) keys[alg] = await generateSigningKey(alg);
  known = signingAlgs.map((alg) => verificationKeyOf(keys[alg]));
});

const claims = { iss: 'https://op', sub: 'ada', aud: 'app', iat: now, exp: now + 60 };
const rules = (changes: Partial<VerifyRules> = {}): VerifyRules => ({
  keys: known,
  algs: signingAlgs,
  typ: ['at+jwt'],
  issuer: 'https://op',
  audience: 'app',
  now,
  ...changes,
});
const codeOf = (token: unknown, changes?: Partial<VerifyRules>): JwtErrorCode | 'ok' => {
  const result = verifyJwt(token, rules(changes));
  return result.ok ? 'ok' : result.error.code;
};
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token whose header is free, signed with a real key. */
const forge = async (header: object, payload: object = claims, key: SigningKey = keys.ES256): Promise<string> =>
  new SignJWT(payload as Record<string, unknown>).setProtectedHeader({ alg: key.alg, ...header }).sign(key.privateKey);

describe('verifying, RFC 7515 5.2 and RFC 8725', () => {
  it.each(signingAlgs)('accepts %s of ours and of another library', async (alg) => {
    const ours = await signJwt({ typ: 'at+jwt' }, claims, keys[alg]);
    expect(verifyJwt(ours, rules())).toEqual({
      ok: true,
      value: { header: { alg, typ: 'at+jwt', kid: keys[alg].kid }, claims },
    });
    expect(codeOf(await forge({ typ: 'at+jwt', kid: keys[alg].kid }, claims, keys[alg]))).toBe('ok');
  });

  it.each(signingAlgs)('refuses a changed payload under %s', async (alg) => {
    const [header, , signature] = (await signJwt({ typ: 'at+jwt' }, claims, keys[alg])).split('.');
    expect(codeOf(`${header}.${encode({ ...claims, sub: 'eve' })}.${signature}`)).toBe('signature_invalid');
  });

  it('reads the newer name Ed25519 as EdDSA', async () => {
    const header = encode({ alg: 'Ed25519', typ: 'at+jwt', kid: keys.EdDSA.kid });
    expect(codeOf(`${header}.${encode(claims)}.${encode('x')}`)).toBe('signature_invalid');
  });
});

describe('algorithm tricks, RFC 8725 2.1 and 3.1', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', ''])('refuses alg %p', (alg) => {
    const token = `${encode({ alg, typ: 'at+jwt' })}.${encode(claims)}.`;
    expect(codeOf(token)).toBe('malformed');
    expect(codeOf(`${token}${encode('x')}`)).toBe('alg_not_allowed');
  });

  it.each(['HS256', 'HS384', 'HS512'])('refuses %s made with the public key as the secret', (alg) => {
    const secrets = [
      createPublicKey(keys.RS256.privateKey).export({ type: 'spki', format: 'pem' }),
      createPublicKey(keys.RS256.privateKey).export({ type: 'spki', format: 'der' }),
      JSON.stringify(exportPublicJwk(keys.RS256)),
    ];
    for (const secret of secrets) {
      const signed = `${encode({ alg, typ: 'at+jwt', kid: keys.RS256.kid })}.${encode(claims)}`;
      const mac = createHmac(`sha${alg.slice(2)}`, secret as string)
        .update(signed)
        .digest('base64url');
      expect(codeOf(`${signed}.${mac}`)).toBe('alg_not_allowed');
    }
  });

  it('refuses a good algorithm that this use does not allow', async () => {
    const token = await signJwt({ typ: 'at+jwt' }, claims, keys.RS256);
    expect(codeOf(token, { algs: ['ES256'] })).toBe('alg_not_allowed');
  });

  it('refuses an algorithm that the named key is not made for', async () => {
    const rs256 = await forge({ typ: 'at+jwt', kid: keys.ES256.kid }, claims, keys.RS256);
    expect(codeOf(rs256)).toBe('unknown_kid');
    const pss = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'PS256', typ: 'at+jwt', kid: keys.RS256.kid })
      .sign(keys.RS256.privateKey);
    expect(codeOf(pss)).toBe('unknown_kid');
  });

  it.each([['RS384'], ['ES384'], ['ES256K'], [['RS256']], [5], [null], [undefined], ['rs256']])(
    'refuses alg %p',
    (alg) => {
      expect(codeOf(`${encode({ alg, typ: 'at+jwt' })}.${encode(claims)}.${encode('x')}`)).toBe('alg_not_allowed');
    },
  );

  it.each([0, 32, 63, 65, 70, 96])('refuses an ES256 signature of %i bytes', async (length) => {
    const [header, payload] = (await signJwt({ typ: 'at+jwt' }, claims, keys.ES256)).split('.');
    const signature = Buffer.alloc(length, 1).toString('base64url');
    expect(codeOf(`${header}.${payload}.${signature}`)).toBe(length === 0 ? 'malformed' : 'signature_invalid');
  });

  it('refuses the all-zero ES256 signature', async () => {
    const [header, payload] = (await signJwt({ typ: 'at+jwt' }, claims, keys.ES256)).split('.');
    expect(codeOf(`${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`)).toBe('signature_invalid');
  });
});

describe('header tricks, RFC 8725 3.10 and RFC 7515 4.1.11', () => {
  it.each([
    [{ jku: 'https://evil.example/keys' }, 'header_not_allowed'],
    [{ x5u: 'https://evil.example/cert' }, 'header_not_allowed'],
    [{ jwk: { kty: 'EC' } }, 'header_not_allowed'],
    [{ zip: 'DEF' }, 'header_not_allowed'],
  ] as const)('refuses a header with %j', async (extra, code) => {
    expect(codeOf(await forge({ typ: 'at+jwt', kid: keys.ES256.kid, ...extra }))).toBe(code);
  });

  it('refuses a token that verifies with the key it brings', async () => {
    const mallory = await generateSigningKey('ES256');
    const token = await forge({ typ: 'at+jwt', jwk: exportPublicJwk(mallory) }, claims, mallory);
    expect(codeOf(token)).toBe('header_not_allowed');
  });

  it.each([[['exp']], [[]], ['b64'], [{}]])('refuses crit %p', (crit) => {
    const header = encode({ alg: 'ES256', typ: 'at+jwt', kid: keys.ES256.kid, crit, exp: 1 });
    expect(codeOf(`${header}.${encode(claims)}.${encode('x')}`)).toBe('crit_not_supported');
  });

  it('refuses an unencoded payload', () => {
    const header = encode({ alg: 'ES256', typ: 'at+jwt', b64: false });
    expect(codeOf(`${header}.${encode(claims)}.${encode('x')}`)).toBe('header_not_allowed');
  });

  it.each([
    ['at+jwt', 'ok'],
    ['AT+JWT', 'ok'],
    ['application/at+jwt', 'ok'],
    ['Application/At+Jwt', 'ok'],
    ['JWT', 'typ_mismatch'],
    ['logout+jwt', 'typ_mismatch'],
    ['dpop+jwt', 'typ_mismatch'],
    ['at+jwt ', 'typ_mismatch'],
    ['', 'typ_mismatch'],
  ])('typ %p is %s', async (typ, code) => {
    expect(codeOf(await forge({ typ, kid: keys.ES256.kid }))).toBe(code);
  });

  it('counts a header without typ, or with one that is no text, as another type', async () => {
    expect(codeOf(await forge({ kid: keys.ES256.kid }))).toBe('typ_mismatch');
    expect(codeOf(await forge({ kid: keys.ES256.kid }), { typ: ['', 'jwt'] })).toBe('ok');
    expect(codeOf(`${encode({ alg: 'ES256', typ: 5 })}.${encode(claims)}.${encode('x')}`, { typ: ['', 'jwt'] })).toBe(
      'typ_mismatch',
    );
  });
});

describe('choosing the key, OIDC Core 10.1', () => {
  it('tells an unknown kid apart, so that keys can be fetched anew', async () => {
    expect(codeOf(await forge({ typ: 'at+jwt', kid: 'gone' }))).toBe('unknown_kid');
  });

  it('refuses a kid that is no text', () => {
    expect(codeOf(`${encode({ alg: 'ES256', typ: 'at+jwt', kid: 5 })}.${encode(claims)}.${encode('x')}`)).toBe(
      'malformed',
    );
  });

  it('tries the keys of the algorithm when the token names none', async () => {
    const other = verificationKeyOf(await generateSigningKey('ES256'));
    expect(codeOf(await forge({ typ: 'at+jwt' }), { keys: [other, ...known] })).toBe('ok');
    expect(codeOf(await forge({ typ: 'at+jwt' }), { keys: [other] })).toBe('signature_invalid');
  });

  it('refuses a token that names none when there is no fitting key, or too many', async () => {
    const token = await forge({ typ: 'at+jwt' });
    expect(codeOf(token, { keys: known.filter(({ algs }) => !algs.includes('ES256')) })).toBe('no_usable_key');
    expect(codeOf(token, { keys: Array.from({ length: 9 }, () => verificationKeyOf(keys.ES256)) })).toBe(
      'no_usable_key',
    );
  });

  it('refuses a signature by another key with the same kid', async () => {
    const mallory = await generateSigningKey('ES256');
    expect(codeOf(await forge({ typ: 'at+jwt', kid: keys.ES256.kid }, claims, mallory))).toBe('signature_invalid');
  });
});

describe('form of a token, RFC 7515 3.1', () => {
  it.each([
    ['nothing', undefined],
    ['a number', 5],
    ['an object', {}],
    ['empty text', ''],
    ['one part', 'abc'],
    ['two parts', 'a.b'],
    ['no signature', `${encode({ alg: 'ES256' })}.${encode({})}.`],
    ['four parts', 'a.b.c.d'],
    ['five parts, an encrypted token', 'a.b.c.d.e'],
    ['thousands of dots', '.'.repeat(10_000)],
    ['padding', `${encode({ alg: 'ES256' })}=.${encode({})}.AA`],
    ['plain base64', `${encode({ alg: 'ES256' })}.${encode({})}.a+/a`],
    ['white space', ` ${encode({ alg: 'ES256' })}.${encode({})}.AA`],
    ['a header that is no JSON', `${encode('nonsense')}.${encode({})}.AA`],
    ['a header that is a list', `${encode([])}.${encode({})}.AA`],
    ['a payload that is no JSON', `${encode({ alg: 'ES256' })}.${encode('{')}.AA`],
    ['a payload that is null', `${encode({ alg: 'ES256' })}.${encode('null')}.AA`],
    ['a payload with a prototype', `${encode({ alg: 'ES256' })}.${encode('{"__proto__":{"a":1}}')}.AA`],
  ])('refuses %s', (_title, token) => {
    expect(codeOf(token)).toBe('malformed');
  });

  it('refuses an oversized token before it looks inside', () => {
    expect(codeOf('x'.repeat(256_001))).toBe('too_large');
    expect(codeOf('x'.repeat(101), { maxCharacters: 100 })).toBe('too_large');
  });
});

describe('registered claims, RFC 7519 4.1', () => {
  const table: [string, object, Partial<VerifyRules>, JwtErrorCode | 'ok'][] = [
    ['another issuer', { iss: 'https://op/' }, {}, 'issuer_mismatch'],
    ['no issuer', { iss: undefined }, {}, 'issuer_mismatch'],
    ['an issuer that is no text', { iss: ['https://op'] }, {}, 'claim_invalid'],
    ['one of several issuers', {}, { issuer: ['https://x', 'https://op'] }, 'ok'],
    ['none of several issuers', {}, { issuer: ['https://x'] }, 'issuer_mismatch'],
    ['any issuer when the caller judges', { iss: 'https://any' }, { issuer: undefined }, 'ok'],
    ['another audience', { aud: 'api' }, {}, 'audience_mismatch'],
    ['no audience', { aud: undefined }, {}, 'audience_mismatch'],
    ['an audience list with us', { aud: ['api', 'app'] }, {}, 'ok'],
    ['an audience list without us', { aud: ['api'] }, {}, 'audience_mismatch'],
    ['an empty audience list', { aud: [] }, {}, 'audience_mismatch'],
    ['an audience that is an object', { aud: { 0: 'app' } }, {}, 'claim_invalid'],
    ['an audience list with a number', { aud: ['app', 5] }, {}, 'claim_invalid'],
    ['one of several accepted audiences', {}, { audience: ['a', 'app'] }, 'ok'],
    ['any audience when the caller judges', { aud: 'x' }, { audience: undefined }, 'ok'],
    ['expired this second', { exp: now }, {}, 'expired'],
    ['expired within the skew', { exp: now - 5 }, { clockSkew: 10 }, 'ok'],
    ['expired beyond the skew', { exp: now - 10 }, { clockSkew: 10 }, 'expired'],
    ['no exp', { exp: undefined }, {}, 'claim_missing'],
    ['no exp where it may be absent', { exp: undefined }, { expOptional: true }, 'ok'],
    ['an exp as text', { exp: String(now + 60) }, {}, 'claim_invalid'],
    ['an exp in milliseconds', { exp: now * 1000 }, {}, 'claim_invalid'],
    ['a negative exp', { exp: -1 }, {}, 'claim_invalid'],
    ['an old token at any age', { exp: now - 1e6, nbf: now + 5 }, { anyAge: true }, 'ok'],
    ['not valid yet', { nbf: now + 1 }, {}, 'not_yet_valid'],
    ['not valid yet, within the skew', { nbf: now + 1 }, { clockSkew: 1 }, 'ok'],
    ['valid from now', { nbf: now }, {}, 'ok'],
    ['made too long ago', { iat: now - 61 }, { maxAge: 60 }, 'too_old'],
    ['made just in time', { iat: now - 60 }, { maxAge: 60 }, 'ok'],
    ['made in the future', { iat: now + 1 }, { maxAge: 60 }, 'not_yet_valid'],
    ['no iat where age counts', { iat: undefined }, { maxAge: 60 }, 'claim_missing'],
    ['an iat from the future where age does not count', { iat: now + 1000 }, {}, 'ok'],
    ['a required claim is missing', {}, { required: ['jti'] }, 'claim_missing'],
    ['a required claim is null', { jti: null }, { required: ['jti'] }, 'claim_missing'],
    ['a required claim is there', { jti: 'x' }, { required: ['jti'] }, 'ok'],
    ['a sub that is no text', { sub: 5 }, {}, 'claim_invalid'],
    ['a jti that is no text', { jti: {} }, {}, 'claim_invalid'],
  ];
  it.each(table)('%s', async (_title, changes, ruleChanges, code) => {
    const payload = JSON.parse(JSON.stringify({ ...claims, ...changes })) as Record<string, unknown>;
    expect(codeOf(await signJwt({ typ: 'at+jwt' }, payload, keys.EdDSA), ruleChanges)).toBe(code);
  });
});
