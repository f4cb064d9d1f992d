import { problem, type Problem } from '../../problems/problem.js';
import type { WrittenUpParty } from '../up-party.js';
import { checkLinkExternalUser } from './link-external-user.js';
import { upPartyWithoutEffect } from './without-effect.js';

type Of<T extends WrittenUpParty['type']> = Extract<WrittenUpParty, { type: T }>;

const required = (party: Record<string, unknown>, fields: readonly string[], why: string): Problem[] =>
  fields
    .filter((field) => party[field] === undefined || (Array.isArray(party[field]) && party[field].length === 0))
    .map((field) => problem(field, `is required ${why}`));

const needsKeys = (party: Of<'oidc' | 'oauth2'>): Problem[] =>
  party.jwks || party.jwks_uri
    ? []
    : [problem('jwks', 'is required with update_state manual', 'Set jwks or jwks_uri.')];

const issuerFacts = (party: Of<'oidc' | 'oauth2'>): Problem[] =>
  party.update_state === 'manual'
    ? [...required(party, ['issuers'], 'with update_state manual'), ...needsKeys(party)]
    : required(party, ['authority'], 'unless update_state is manual');

const noUse = (party: { user_authentication: boolean; token_exchange: boolean }): Problem[] =>
  party.user_authentication || party.token_exchange
    ? []
    : [problem('user_authentication', 'and token_exchange must not both be false', 'Set one of them to true.')];

/** A code is redeemed at the token endpoint, where we must prove who we are; a public client proves it by PKCE alone. */
const codeFlow = (party: Of<'oidc'>): Problem[] => {
  if (!party.user_authentication || !party.response_type.split(' ').includes('code')) return [];
  const method = party.token_endpoint_auth_method;
  if (method.startsWith('client_secret')) return required(party, ['client_secret'], `with ${method}`);
  if (method === 'none' && !party.enable_pkce) {
    return [problem('enable_pkce', 'must be true with token_endpoint_auth_method none')];
  }
  return [];
};

const manualEndpoints = (party: Of<'oidc'>): Problem[] => {
  if (party.update_state !== 'manual' || !party.user_authentication) return [];
  const code = party.response_type.split(' ').includes('code') ? ['token_endpoint'] : [];
  return required(party, ['authorization_endpoint', ...code], 'with update_state manual');
};

/** Tokens never travel in a query (OAuth 2.0 Multiple Response Types 3). */
const responseMode = (party: Of<'oidc'>): Problem[] =>
  party.response_mode === 'query' && party.response_type !== 'code'
    ? [problem('response_mode', `must be form_post with response_type ${party.response_type}`)]
    : [];

const userinfo = (party: Of<'oidc'>): Problem[] =>
  party.claims_source === 'userinfo' && party.update_state === 'manual'
    ? required(party, ['userinfo_endpoint'], 'with claims_source userinfo')
    : [];

const saml2 = (party: Of<'saml2'>): Problem[] => {
  if (party.update_state !== 'manual') {
    if (party.metadata_url ?? party.metadata_xml) return [];
    return [problem('metadata_url', 'is required unless update_state is manual', 'Set metadata_url or metadata_xml.')];
  }
  const signIn = party.user_authentication ? ['authn_url'] : [];
  return required(party, ['issuers', 'keys', ...signIn], 'with update_state manual');
};

const linkedToItself = (party: Of<'track_link'>, trackName: string): Problem[] =>
  party.to_down_track_name === trackName
    ? [problem('to_down_track_name', 'must be another track', 'A track cannot be linked to itself.')]
    : [];

/**
 * Tells what an up-party lacks or contradicts in itself; what concerns other parties is `validateTrack`'s.
 * @param trackName a track link may not lead to the track that it stands in
 */
export const checkUpParty = (party: WrittenUpParty, trackName: string): Problem[] => {
  switch (party.type) {
    case 'login':
      return [];
    case 'oidc':
      return [
        ...issuerFacts(party),
        ...noUse(party),
        ...codeFlow(party),
        ...manualEndpoints(party),
        ...responseMode(party),
        ...userinfo(party),
        ...checkLinkExternalUser(party),
      ];
    case 'oauth2':
      return [...issuerFacts(party), ...upPartyWithoutEffect(party)];
    case 'saml2':
      return [...saml2(party), ...noUse(party), ...checkLinkExternalUser(party)];
    case 'track_link':
      return [...linkedToItself(party, trackName), ...checkLinkExternalUser(party)];
  }
};
