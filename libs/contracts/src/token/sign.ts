import { z } from 'zod';
import { question } from '../contract/contract.js';
import { claims, name } from '../contract/fields.js';

/** Logout token for one attempt (OIDC Back-Channel Logout 2.4): same `jti` for all attempts, `iat` fresh, 120 s. */
export const signLogoutToken = question({
  subject: 'corsac.token.v1.logout_token.sign',
  owner: 'token',
  askers: ['session'],
  request: z.object({
    tenant: name,
    track: name,
    client_id: name,
    issuer: z.string(),
    jti: z.string(),
    sid: z.string().optional(),
    sub: z.string().optional(),
  }),
  response: z.object({ logout_token: z.string() }),
  refusals: ['unknown_client', 'key_not_ready'],
  safe_to_retry: true,
});

/** A JWT with the track's key towards a provider above: client assertion (RFC 7523) or request object (RFC 9101). */
export const signUpstreamJwt = question({
  subject: 'corsac.token.v1.upstream_jwt.sign',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({
    tenant: name,
    track: name,
    use: z.enum(['client_assertion', 'request_object']),
    alg: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).optional(),
    claims,
  }),
  response: z.object({ jwt: z.string() }),
  refusals: ['key_not_ready'],
  safe_to_retry: true,
});

/** How SAML messages are signed: by the track's RSA key (RS256), or by its ES256 key. */
export const samlSignatureAlgorithm = z.enum([
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
  'rsa-pss-sha256',
  'ecdsa-sha256',
]);

/** Signs canonical bytes of a SAML message or a Redirect-binding query; ECDSA values stand side by side (RFC 9231 2.3.6). */
export const signSaml = question({
  subject: 'corsac.token.v1.saml.sign',
  owner: 'token',
  askers: ['authorize', 'session'],
  request: z.object({
    tenant: name,
    track: name,
    algorithm: samlSignatureAlgorithm,
    /** base64 of the bytes. */
    bytes: z.string().max(400_000),
  }),
  response: z.object({ signature: z.string(), kid: z.string() }),
  refusals: ['key_not_ready'],
  safe_to_retry: true,
});

/** Opens the content key of an encrypted assertion; the RSA key that can do it stays where it is. */
export const decryptSamlKey = question({
  subject: 'corsac.token.v1.saml.decrypt_key',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({
    tenant: name,
    track: name,
    /** XML Encryption key transport: `rsa-oaep-mgf1p`, or `rsa-oaep` with its digest. */
    algorithm: z.string().max(100),
    digest: z.string().max(100).optional(),
    /** base64 */
    encrypted_key: z.string().max(4000),
  }),
  response: z.object({ key: z.string() }),
  refusals: ['cannot_decrypt', 'unsupported_algorithm'],
  safe_to_retry: true,
});

/** Public halves of a track's keys, with certificates, for metadata: next, current and previous. */
export const readTrackKeys = question({
  subject: 'corsac.token.v1.track_keys.read',
  owner: 'token',
  askers: ['authorize', 'config'],
  request: z.object({ tenant: name, track: name }),
  response: z.object({
    keys: z.array(
      z.object({
        kid: z.string(),
        alg: z.string(),
        state: z.enum(['next', 'current', 'previous', 'retired']),
        jwk: z.record(z.string(), z.json()),
        /** base64 DER; of keys that can sign SAML messages (RS256, ES256). */
        certificate: z.string().optional(),
        created: z.number().int(),
        current_from: z.number().int().optional(),
        ends: z.number().int().optional(),
      }),
    ),
  }),
  /** `key_not_ready`: keys of a new track are being made; ask again in a moment, and keep nothing of this answer. */
  refusals: ['unknown_track', 'key_not_ready'],
  safe_to_retry: true,
});

/** Rotation on command: makes the next key current now, or makes a next key and lets the schedule do the rest. */
export const rotateKeys = question({
  subject: 'corsac.token.v1.track_keys.rotate',
  owner: 'token',
  askers: ['config'],
  request: z.object({ tenant: name, track: name, alg: z.string().optional(), at_once: z.boolean() }),
  response: z.object({ rotated: z.array(z.object({ alg: z.string(), kid: z.string() })) }),
  refusals: ['unknown_track'],
  deadline_ms: 3000,
});
