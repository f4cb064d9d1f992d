import { constants, privateDecrypt, type KeyObject } from 'node:crypto';
import type { Answer, decryptSamlKey, signLogoutToken, signUpstreamJwt } from '@corsac/contracts';
import { StoreUnavailable } from '@corsac/data';
import { signJwt, type JsonObject } from '@corsac/jwt';
import { idTokenAlg, logoutTokenClaims, logoutTokenTyp } from '@corsac/oidc';
import { fail, ok } from '@corsac/outcome';
import type { z } from 'zod';
import type { Signers } from '../keys/signers.js';
import type { Addresses } from '../party/addressed-party.js';

type In<Contract extends { request: z.ZodType }> = z.infer<Contract['request']>;
type Out<Contract extends { response: z.ZodType }> = z.infer<Contract['response']>;

/** `typ` of what goes up to a provider. RFC 7523 leaves it open, RFC 9101 10.8 names one for request objects. */
const upstreamTyp = { client_assertion: 'JWT', request_object: 'oauth-authz-req+jwt' } as const;

/** XML Encryption key transport, and the hash of its OAEP padding. SHA-1 there is the standard's own default and no signature. */
const oaepHash = (algorithm: string, digest: string | undefined): string | undefined => {
  const named = (digest ?? 'sha1').replace(/^.*[#/]/, '');
  if (algorithm.endsWith('rsa-oaep-mgf1p')) return named === 'sha1' ? 'sha1' : undefined;
  if (!algorithm.endsWith('rsa-oaep')) return undefined;
  return ['sha1', 'sha256', 'sha384', 'sha512'].find((hash) => hash === named);
};

/** Signs what other services send: private keys stay here, only artefacts leave. All methods reject with `StoreUnavailable`. */
export class ArtefactSigner {
  constructor(
    private readonly addresses: Addresses,
    private readonly signers: Signers,
    private readonly nowMs: () => number,
  ) {}

  /** Back-Channel Logout 2.4: signed as the client's ID tokens are, anew for every attempt. */
  async logoutToken(
    request: In<typeof signLogoutToken>,
  ): Promise<Answer<Out<typeof signLogoutToken>, 'unknown_client' | 'key_not_ready'>> {
    const { tenant, track, client_id, issuer, jti, sid = '', sub = '' } = request;
    const found = await this.addresses.party({ tenant, track, party: client_id });
    if (!found.ok && found.error === 'unavailable') throw new StoreUnavailable('config', 'the configuration is away');
    if (!found.ok) return fail({ refusal: 'unknown_client' });
    const { client, name, view } = found.value;
    const key = await this.signers.signer(name, idTokenAlg(client, view.settings.keys.default_signing_alg));
    if (!key.ok) return fail({ refusal: 'key_not_ready' });
    const claims = logoutTokenClaims({ issuer, client_id, sub, sid, jti, now: Math.floor(this.nowMs() / 1000) });
    return ok({ logout_token: await signJwt({ typ: logoutTokenTyp }, withoutEmpty(claims), key.value) });
  }

  /** Client assertions and request objects towards a provider above. */
  async upstreamJwt(
    request: In<typeof signUpstreamJwt>,
  ): Promise<Answer<Out<typeof signUpstreamJwt>, 'key_not_ready'>> {
    const key = await this.signers.signer(request, request.alg ?? 'RS256');
    if (!key.ok) return fail({ refusal: 'key_not_ready' });
    return ok({ jwt: await signJwt({ typ: upstreamTyp[request.use] }, request.claims, key.value) });
  }

  /** Opens a content key with any key that the track's metadata showed of late. Why it cannot be opened is never told. */
  async samlKey(
    request: In<typeof decryptSamlKey>,
  ): Promise<Answer<Out<typeof decryptSamlKey>, 'cannot_decrypt' | 'unsupported_algorithm'>> {
    const oaep = oaepHash(request.algorithm, request.digest);
    if (!oaep) return fail({ refusal: 'unsupported_algorithm' });
    const keys = await this.signers.keys(request);
    for (const key of keys.decryptionKeys()) {
      const opened = open(Buffer.from(request.encrypted_key, 'base64'), key, oaep);
      if (opened) return ok({ key: opened.toString('base64') });
    }
    return fail({ refusal: 'cannot_decrypt' });
  }
}

const open = (encrypted: Buffer, key: KeyObject, oaepHash: string): Buffer | undefined => {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, encrypted);
  } catch {
    return undefined;
  }
};

/** Either of `sub` and `sid` may be missing, and then it is left out. Back-Channel Logout 2.4. */
const withoutEmpty = (claims: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== ''));
