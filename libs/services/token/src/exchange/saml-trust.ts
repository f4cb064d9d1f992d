import type { ItemStore } from '@corsac/data';
import type { JsonObject } from '@corsac/jwt';
import { protectedSamlTypes, protectedTypes, transformClaims, type Claims } from '@corsac/model';
import { chooseExchangeCase, refuse, type OAuthError } from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';
import {
  claimsOfAssertion,
  defaultIssuedSamlClaims,
  mappingTable,
  peekSamlSubjectToken,
  samlClaimsToJwt,
  selectSamlClaims,
  verifySamlSubjectToken,
  type SamlClaims,
  type VerifiedSubjectToken,
} from '@corsac/saml';
import { hash } from 'node:crypto';
import type { AddressedParty } from '../party/addressed-party.js';
import type { SamlProviderReader } from './saml-facts.js';
import type { ExchangeContext, VerifiedSubject, VerifySubject } from './subject.js';
import { samlTrusts, withAway, type SamlTrust } from './trusts.js';

export interface SamlTrustParts {
  readonly providers: SamlProviderReader;
  readonly items: Pick<ItemStore, 'putIfAbsent' | 'get'>;
}

const refused = (detail: string) => refuse('invalid_request', 'the token is not accepted', detail);

/**
 * A SAML assertion of somebody whom an up-party trusts. Spec 5, third row: signed, for our audience and one of the trust's
 * recipients, in time, and presented by one client only. Its claims come in as at a SAML sign-in.
 */
export const samlTrust =
  ({ providers, items }: SamlTrustParts): VerifySubject =>
  async (token, context) => {
    const label = peekSamlSubjectToken(token);
    if (!label.ok) return refused(label.error.message);
    const { trusts, away } = await samlTrusts(context.party, providers);
    const chosen = chooseExchangeCase(label.value, 'saml2', trusts, context.party.issuers.track);
    if (!chosen.ok) return fail(withAway(chosen.error, away));
    if (chosen.value.kind !== 'trust') return refused('no trust matches');
    const { trust } = chosen.value;
    const verified = verify(token, trust, context.now);
    if (!verified.ok) return verified;
    const claimed = await claim(verified.value, trust, { ...context, items });
    return claimed.ok ? subjectOf(verified.value, trust, context.party) : claimed;
  };

const verify = (
  token: string,
  { upParty, facts, sp_issuer }: SamlTrust,
  now: number,
): Outcome<VerifiedSubjectToken, OAuthError> => {
  const verified = verifySamlSubjectToken(token, {
    issuer: facts.entity_id,
    audience: sp_issuer,
    recipients: upParty.recipients,
    now,
    accept_confirmed: upParty.accept_confirmed,
    party: { keys: facts.keys, policy: { allow_sha1: upParty.allow_sha1 } },
  });
  return verified.ok ? verified : refused(`${verified.error.step}: ${verified.error.message}`);
};

/** The first client that presents an assertion owns it; whether it may come again is the trust's and the assertion's to say. */
const claim = async (
  { one_time_id, one_time_use }: VerifiedSubjectToken,
  { name, upParty, facts }: SamlTrust,
  { party, now, items }: ExchangeContext & Pick<SamlTrustParts, 'items'>,
): Promise<Outcome<void, OAuthError>> => {
  const { tenant, track } = party.name;
  const digest = hash('sha256', JSON.stringify([facts.entity_id, one_time_id.id]), 'base64url');
  const key = `once/saml/${tenant}/${track}/${digest}`;
  const owner = { client_id: party.client.name };
  const ttl = Math.max(1, Math.ceil(one_time_id.expires_at - now));
  if (await items.putIfAbsent(key, owner, ttl)) return ok();
  if (upParty.one_use || one_time_use)
    return refused(
      `the assertion was used before, and ${one_time_use ? 'it says itself that it is for one use' : `one_use of the up-party ${name} is on`}`,
    );
  const first = await items.get<typeof owner>(key);
  return first?.value.client_id === owner.client_id
    ? ok()
    : refused(`the assertion was presented before by another client, ${first?.value.client_id ?? 'unknown'}`);
};

/** Transforms and the forward list speak SAML names, then the track's table makes JWT claims of them. Spec 4, Claims. */
const subjectOf = (
  { assertion, not_on_or_after }: VerifiedSubjectToken,
  { name, upParty, facts }: SamlTrust,
  party: AddressedParty,
): Outcome<VerifiedSubject, OAuthError> => {
  const incoming = claimsOfAssertion(assertion);
  if (!incoming.ok) return refused(incoming.error.message);
  const single = [...protectedTypes, ...protectedSamlTypes];
  const transformed = transformClaims(asClaims(incoming.value), upParty.claim_transforms, single);
  if (!transformed.ok) {
    return refuse('invalid_request', `the claim transform ${transformed.error.rule} failed`, transformed.error.message);
  }
  const table = mappingTable(party.view.settings.claim_mappings);
  const selected = selectSamlClaims(
    asSaml(transformed.value.claims),
    asList(upParty.claims),
    defaultIssuedSamlClaims,
    table,
  );
  const { sid: _theirs, sub: nameId, ...claims } = samlClaimsToJwt(selected, table);
  const sub = `${name}|${String(nameId)}`;
  // What the other side said of its own up-parties is nothing that ours are.
  const method = {
    auth_method: name,
    auth_method_type: 'saml2',
    auth_method_issuer: `${name}|${facts.entity_id}`,
    up_party: name,
    up_party_type: 'saml2',
  };
  return ok({
    claims: { ...(claims as JsonObject), ...method, sub },
    sub,
    iss: facts.entity_id,
    ends: not_on_or_after,
  });
};

const asList = (claims: readonly string[]) => claims.map((claim) => ({ claim }));

const asClaims = (claims: SamlClaims): Claims =>
  Object.fromEntries(
    [...claims].map(([type, values]) => [type, values.length === 1 ? (values[0] ?? '') : [...values]]),
  );

const asSaml = (claims: Claims): SamlClaims =>
  new Map(Object.entries(claims).map(([type, value]) => [type, [value].flat().map((one) => String(one))]));
