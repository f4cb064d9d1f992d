import { createPublicKey } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { signingAlgs, type SigningAlg } from '../algorithms.js';
import type { SigningKey } from '../keys/key-types.js';
import { exportPublicJwk, generateSigningKey } from '../keys/signing-key.js';
import { signJwt } from './sign.js';

const keys = {} as Record<SigningAlg, SigningKey>;
beforeAll(async () => {
  for (const alg of signingAlgs) keys[alg] = await generateSigningKey(alg);
});

const claims = {
  iss: 'https://id.example/acme/-',
  sub: 'ada',
  aud: ['a', 'b'],
  name: 'Ada Løvelace 𝔸',
  exp: 4_000_000_000,
};

describe('signing, RFC 7515 7.1', () => {
  it.each(signingAlgs)('%s makes a token that another library verifies', async (alg) => {
    const token = await signJwt({ typ: 'at+jwt' }, claims, keys[alg]);
    const { payload, protectedHeader } = await jwtVerify(
      token,
      await importJWK({ ...exportPublicJwk(keys[alg]) }, alg),
    );
    expect(payload).toEqual(claims);
    expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: keys[alg].kid });
  });

  it('signs many ES256 tokens that all verify: the conversion has no rare case left out', async () => {
    const key = await importJWK({ ...exportPublicJwk(keys.ES256) }, 'ES256');
    for (let i = 0; i < 100; i++) await jwtVerify(await signJwt({ typ: 'JWT' }, { ...claims, i }, keys.ES256), key);
  });

  it.each(['ES256', 'EdDSA'] as const)('%s is signed in place', (alg) => {
    expect(typeof signJwt({ typ: 'JWT' }, claims, keys[alg])).toBe('string');
  });

  it.each(['RS256', 'PS256'] as const)('%s is signed off the event loop', (alg) => {
    expect(signJwt({ typ: 'JWT' }, claims, keys[alg])).toBeInstanceOf(Promise);
  });

  it.each(['RS256', 'PS256'] as const)('%s is signed in place where the key says so', async (alg) => {
    const token = signJwt({ typ: 'JWT' }, claims, { ...keys[alg], in_place: true });
    expect(typeof token).toBe('string');
    await jwtVerify(await token, await importJWK({ ...exportPublicJwk(keys[alg]) }, alg));
  });

  it('keeps the headers of several types and keys apart', async () => {
    const header = async (typ: string, key: SigningKey) => {
      const [head] = (await signJwt({ typ }, claims, key)).split('.');
      return JSON.parse(Buffer.from(head as string, 'base64url').toString()) as { typ: string; kid: string };
    };
    expect(await header('JWT', keys.ES256)).toMatchObject({ typ: 'JWT', kid: keys.ES256.kid });
    expect(await header('at+jwt', keys.ES256)).toMatchObject({ typ: 'at+jwt', kid: keys.ES256.kid });
    expect(await header('JWT', keys.EdDSA)).toMatchObject({ typ: 'JWT', kid: keys.EdDSA.kid });
    expect(await header('JWT', keys.ES256)).toMatchObject({ typ: 'JWT', kid: keys.ES256.kid });
  });

  it('leaves undefined members out', async () => {
    const [, payload] = (await signJwt({ typ: 'JWT' }, { sub: 'x', nonce: undefined }, keys.EdDSA)).split('.');
    expect(Buffer.from(payload as string, 'base64url').toString()).toBe('{"sub":"x"}');
  });

  it('rejects when the key cannot sign: that is a bug of the caller', async () => {
    const wrong: SigningKey = { kid: 'x', alg: 'RS256', privateKey: createPublicKey(keys.RS256.privateKey) };
    await expect(async () => signJwt({ typ: 'JWT' }, claims, wrong)).rejects.toThrow();
  });
});
