import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, importJWK } from 'jose';
import { signingAlgs, type SigningAlg } from '../algorithms.js';
import { importPublicJwk, jwksLimits, parseJwks } from './jwks.js';
import {
  exportPrivateKey,
  exportPublicJwk,
  generateSigningKey,
  importSigningKey,
  verificationKeyOf,
} from './signing-key.js';
import type { SigningKey } from './key-types.js';
import { thumbprint } from './thumbprint.js';

const keys = {} as Record<SigningAlg, SigningKey>;
beforeAll(async () => {
  for (const alg of signingAlgs) keys[alg] = await generateSigningKey(alg);
});

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as Record<string, unknown>;
const rsa = (bits: number) => jwkOf(generateKeyPairSync('rsa', { modulusLength: bits }).publicKey);
const p384 = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
const x25519 = jwkOf(generateKeyPairSync('x25519').publicKey);

describe('thumbprints, RFC 7638', () => {
  it('is that of the example in RFC 7638 3.1', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn6' +
      '4tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91' +
      'CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    expect(thumbprint({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' })).toBe(
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    );
  });

  it.each(signingAlgs)('agrees with another library for %s and names the key', async (alg) => {
    const jwk = exportPublicJwk(keys[alg]);
    expect(await calculateJwkThumbprint({ ...jwk })).toBe(jwk.kid);
  });

  it('throws for a symmetric key', () => {
    expect(() => thumbprint({ kty: 'oct', k: 'AA' })).toThrow();
  });
});

describe('signing keys', () => {
  it.each(signingAlgs)('%s: the published key is public, usable elsewhere and says its use', async (alg) => {
    const jwk = exportPublicJwk(keys[alg]);
    expect(jwk).toMatchObject({ use: 'sig', alg, kid: keys[alg].kid });
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(jwk).not.toHaveProperty(member);
    await expect(importJWK({ ...jwk }, alg)).resolves.toBeDefined();
  });

  it.each(signingAlgs)('%s: a stored key comes back as the same key', (alg) => {
    const key = keys[alg];
    const restored = importSigningKey({ kid: key.kid, alg, pkcs8: exportPrivateKey(key) });
    expect(exportPublicJwk(restored)).toEqual(exportPublicJwk(key));
    expect(verificationKeyOf(restored)).toMatchObject({ kid: key.kid, algs: [alg] });
  });

  it('throws when key and algorithm do not fit: a broken store must not publish nonsense', () => {
    expect(() => exportPublicJwk({ ...keys.ES256, alg: 'RS256' })).toThrow();
    expect(() => exportPublicJwk({ ...keys.RS256, alg: 'EdDSA' })).toThrow();
  });

  it('throws for stored bytes that are no key', () => {
    expect(() => importSigningKey({ kid: 'x', alg: 'RS256', pkcs8: Buffer.from('nonsense') })).toThrow();
  });
});

describe('key sets from elsewhere, RFC 7517 5', () => {
  it('takes every published key of ours', () => {
    const set = parseJwks({ keys: signingAlgs.map((alg) => exportPublicJwk(keys[alg])) });
    expect(set).toMatchObject({ ok: true, value: signingAlgs.map((alg) => ({ kid: keys[alg].kid, algs: [alg] })) });
  });

  it('lets an RSA key without alg serve both RSA algorithms', () => {
    const { n, e, kty } = exportPublicJwk(keys.RS256);
    expect(parseJwks({ keys: [{ kty, n, e }] })).toMatchObject({ ok: true, value: [{ algs: ['RS256', 'PS256'] }] });
  });

  it('knows EdDSA by its newer name', () => {
    expect(importPublicJwk({ ...exportPublicJwk(keys.EdDSA), alg: 'Ed25519' })).toMatchObject({
      ok: true,
      value: { algs: ['EdDSA'] },
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['an object without keys', {}],
    ['keys that are no list', { keys: {} }],
    ['more keys than allowed', { keys: Array.from({ length: jwksLimits.keys + 1 }, () => ({})) }],
  ])('refuses %s', (_title, document) => {
    expect(parseJwks(document)).toMatchObject({ ok: false, error: { code: 'key_set_invalid' } });
  });

  it.each([
    ['an entry that is no object', 'key'],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a key for encryption', { ...rsa(2048), use: 'enc' }],
    ['key_ops without verify', { ...rsa(2048), key_ops: ['encrypt'] }],
    ['key_ops that are no list', { ...rsa(2048), key_ops: 'verify' }],
    ['RSA under 2048 bits', rsa(1024)],
    ['an unknown type', { kty: 'XYZ' }],
    ['a foreign curve', p384],
    ['a curve that cannot sign', x25519],
    ['an algorithm of another key type', { ...rsa(2048), alg: 'ES256' }],
    ['an HMAC algorithm', { ...rsa(2048), alg: 'HS256' }],
    ['RSA without modulus', { kty: 'RSA', e: 'AQAB' }],
    ['a member that is no text', { kty: 'RSA', e: 'AQAB', n: 5 }],
    ['an endless member', { kty: 'RSA', e: 'AQAB', n: 'A'.repeat(jwksLimits.memberCharacters + 1) }],
    ['a point that is not on the curve', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
  ])('leaves out %s', (_title, jwk) => {
    expect(parseJwks({ keys: [jwk] })).toEqual({ ok: true, value: [] });
    expect(importPublicJwk(jwk)).toMatchObject({ ok: false, error: { code: 'key_invalid' } });
  });

  it('ignores addresses and certificates in a key', () => {
    const jwk = { ...exportPublicJwk(keys.ES256), x5u: 'https://evil.example/', x5c: ['AAAA'], key_ops: ['verify'] };
    expect(parseJwks({ keys: [jwk] })).toMatchObject({ ok: true, value: [{ kid: keys.ES256.kid }] });
  });

  it.each([5, '', 'k'.repeat(jwksLimits.kid + 1)])('copes with kid %p', (kid) => {
    const set = parseJwks({ keys: [{ ...exportPublicJwk(keys.ES256), kid }] });
    expect(set).toMatchObject({ ok: true, value: [{ algs: ['ES256'] }] });
  });

  it.each(['d', 'k', 'p', 'oth'])('refuses a single key that carries the private member %s', (member) => {
    const jwk = { ...exportPublicJwk(keys.ES256), [member]: 'AA' };
    expect(importPublicJwk(jwk)).toMatchObject({ ok: false, error: { code: 'key_invalid' } });
  });
});
