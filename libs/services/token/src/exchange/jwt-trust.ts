import {
  signingAlgs,
  verifyJwt,
  type JsonObject,
  type JwtError,
  type VerificationKey,
  type VerifiedJwt,
} from '@corsac/jwt';
import { forwardClaims, transformClaims, type Claims } from '@corsac/model';
import { checkIsAccessToken, foreignTokenTypes, refuse, type OAuthError } from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';
import type { ProviderReader } from './provider-facts.js';
import type { ExchangeContext, VerifiedSubject } from './subject.js';
import type { JwtTrust } from './trusts.js';

const clockSkew = 30;

/**
 * An access token of somebody whom an up-party trusts: by that party's keys, its issuers and the audience that it expects. Its
 * claims come in as at a sign-in: the subject with the up-party's name before it, transforms, then the forward list. Spec 5, second row.
 */
export const verifyByTrust = async (
  token: string,
  trust: JwtTrust,
  { now, reader }: Pick<ExchangeContext, 'now'> & { readonly reader: ProviderReader },
): Promise<Outcome<VerifiedSubject, OAuthError>> => {
  let verified = verify(token, trust, { keys: trust.facts.keys, now });
  if (!verified.ok && verified.error.code === 'unknown_kid') {
    const fresh = await reader.factsOf(trust.upParty, true);
    if (fresh.ok) verified = verify(token, trust, { keys: fresh.value.keys, now });
  }
  if (!verified.ok)
    return refuse('invalid_request', 'the token is not accepted', `${verified.error.code}: ${verified.error.message}`);
  const { header, claims } = verified.value;
  const isAccessToken = checkIsAccessToken(header, claims);
  return isAccessToken.ok ? subjectOf(claims, trust) : isAccessToken;
};

const verify = (
  token: string,
  { issuers, sp_issuer }: JwtTrust,
  { keys, now }: { readonly keys: readonly VerificationKey[]; readonly now: number },
): Outcome<VerifiedJwt, JwtError> =>
  verifyJwt(token, {
    keys,
    algs: signingAlgs,
    typ: foreignTokenTypes,
    issuer: issuers,
    audience: sp_issuer,
    now,
    clockSkew,
    required: ['iss', 'sub', 'aud', 'exp'],
  });

/** The same `sub` that a sign-in by this up-party gives: its name, then the provider's own. Spec 4. */
const subjectOf = (claims: JsonObject, { name, kind, upParty }: JwtTrust): Outcome<VerifiedSubject, OAuthError> => {
  const iss = claims['iss'] as string;
  const { act, may_act, ...rest } = claims;
  const incoming = {
    ...rest,
    sub: `${name}|${claims['sub'] as string}`,
    auth_method: name,
    auth_method_type: kind,
    auth_method_issuer: `${name}|${iss}`,
    // What the other side said of its own up-parties is nothing that ours are.
    up_party: name,
    up_party_type: kind,
  } as Claims;
  const transformed = transformClaims(incoming, upParty.claim_transforms);
  if (!transformed.ok) {
    return refuse('invalid_request', `the claim transform ${transformed.error.rule} failed`, transformed.error.message);
  }
  const forwarded = { ...forwardClaims(transformed.value.claims, upParty.claims) } as Record<
    string,
    JsonObject[string]
  >;
  // A session of somebody else's is none of ours: no logout here will ever name it.
  delete forwarded['sid'];
  return ok({
    claims: forwarded,
    sub: String(forwarded['sub']),
    iss,
    ...(act !== undefined && { act }),
    ...(may_act !== undefined && { may_act }),
    ends: claims['exp'] as number,
  });
};
