import type { OAuth2UpParty, OidcUpParty, Saml2UpParty } from '@corsac/model';
import type { ExchangeTrust } from '@corsac/oauth';
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

/** Trusts for JWTs. A provider that cannot be read stands for nobody: the exchange is then refused, not guessed. */
export const jwtTrusts = async (party: AddressedParty, reader: ProviderReader): Promise<JwtTrust[]> => {
  const upParties = allowed(party).filter((one) => one.type === 'oidc' || one.type === 'oauth2');
  const trusts = await Promise.all(
    upParties.map(async (upParty) => {
      const facts = await reader.factsOf(upParty);
      if (!facts.ok) return [];
      const { name, type: kind, sp_issuer = party.issuers.track } = upParty;
      return [{ name, kind, issuers: facts.value.issuers, sp_issuer, upParty, facts: facts.value }];
    }),
  );
  return trusts.flat();
};

/** Trusts for SAML assertions. */
export const samlTrusts = async (party: AddressedParty, reader: SamlProviderReader): Promise<SamlTrust[]> => {
  const upParties = allowed(party).filter((one) => one.type === 'saml2');
  const trusts = await Promise.all(
    upParties.map(async (upParty) => {
      const facts = await reader.factsOf(upParty);
      if (!facts.ok) return [];
      const { name, sp_issuer = party.issuers.track } = upParty;
      return [
        { name, kind: 'saml2' as const, issuers: [facts.value.entity_id], sp_issuer, upParty, facts: facts.value },
      ];
    }),
  );
  return trusts.flat();
};
