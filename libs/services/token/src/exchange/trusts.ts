import type { OAuth2UpParty, OidcUpParty, Saml2UpParty } from '@corsac/model';
import type { ExchangeTrust, OAuthError } from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';
import type { AddressedParty } from '../party/addressed-party.js';
import type { ProviderFacts, ProviderReader } from './provider-facts.js';
import type { SamlFacts, SamlProviderReader } from './saml-facts.js';

/** A trust by which JWTs are exchanged, with what was read of its provider. */
export interface JwtTrust extends ExchangeTrust {
  readonly kind: 'oidc' | 'oauth2';
  readonly upParty: OidcUpParty | OAuth2UpParty;
  readonly facts: ProviderFacts;
}

/** A trust by which SAML assertions are exchanged. */
export interface SamlTrust extends ExchangeTrust {
  readonly kind: 'saml2';
  readonly upParty: Saml2UpParty;
  readonly facts: SamlFacts;
}

/** Up-parties that the client allows for token exchange. */
const allowed = ({ client, view }: AddressedParty) =>
  client.allow_up_parties.flatMap((name) => {
    const party = view.upParty(name);
    return party && 'token_exchange' in party && party.token_exchange ? [party] : [];
  });

/** Trusts that can be used, and why the others cannot. */
export interface Trusts<Trust> {
  readonly trusts: readonly Trust[];
  readonly away: readonly string[];
}

/** A provider that cannot be read stands for nobody: the exchange is then refused, not guessed. */
const trustsOf = async <Party extends { readonly name: string }, Trust>(
  upParties: readonly Party[],
  read: (upParty: Party) => Promise<Outcome<Trust, string>>,
): Promise<Trusts<Trust>> => {
  const found = await Promise.all(
    upParties.map(async (upParty) => ({ name: upParty.name, trust: await read(upParty) })),
  );
  return {
    trusts: found.flatMap(({ trust }) => (trust.ok ? [trust.value] : [])),
    away: found.flatMap(({ name, trust }) => (trust.ok ? [] : [`${name}: ${trust.error}`])),
  };
};

/** A refusal that may be for want of a provider says so in the log. */
export const withAway = (error: OAuthError, away: readonly string[]): OAuthError =>
  away.length === 0 ? error : { ...error, detail: `${error.detail}; cannot be read: ${away.join(', ')}` };

/** Trusts for JWTs. */
export const jwtTrusts = (party: AddressedParty, reader: ProviderReader): Promise<Trusts<JwtTrust>> =>
  trustsOf(
    allowed(party).filter((one) => one.type === 'oidc' || one.type === 'oauth2'),
    async (upParty) => {
      const facts = await reader.factsOf(upParty);
      if (!facts.ok) return facts;
      const { name, type: kind, sp_issuer = party.issuers.track } = upParty;
      return ok({ name, kind, issuers: facts.value.issuers, sp_issuer, upParty, facts: facts.value });
    },
  );

/** Trusts for SAML assertions. */
export const samlTrusts = (party: AddressedParty, reader: SamlProviderReader): Promise<Trusts<SamlTrust>> =>
  trustsOf(
    allowed(party).filter((one) => one.type === 'saml2'),
    async (upParty) => {
      const facts = await reader.factsOf(upParty);
      if (!facts.ok) return facts;
      const { name, sp_issuer = party.issuers.track } = upParty;
      return ok({ name, kind: 'saml2', issuers: [facts.value.entity_id], sp_issuer, upParty, facts: facts.value });
    },
  );
