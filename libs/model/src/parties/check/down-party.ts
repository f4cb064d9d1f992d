import { problem, type Problem } from '../../problems/problem.js';
import type { WrittenDownParty } from '../down-party.js';
import { checkOAuth2, checkOidcClient } from './client.js';
import { downPartyWithoutEffect } from './without-effect.js';

type Saml2 = Extract<WrittenDownParty, { type: 'saml2' }>;

const saml2 = (party: Saml2): Problem[] => [
  ...(party.encrypt_authn_response && !party.encryption_key
    ? [problem('encryption_key', 'is required with encrypt_authn_response', 'Set the certificate of the application.')]
    : []),
  ...(party.require_signed_authn_requests && party.keys.length === 0
    ? [problem('keys', 'is required with require_signed_authn_requests', 'Set the certificates of the application.')]
    : []),
];

const ofItsKind = (party: WrittenDownParty, trackName: string): Problem[] => {
  switch (party.type) {
    case 'oidc':
      return checkOidcClient(party);
    case 'oauth2':
      return checkOAuth2(party);
    case 'saml2':
      return saml2(party);
    case 'track_link':
      return party.to_up_track_name === trackName
        ? [problem('to_up_track_name', 'must be another track', 'A track cannot be linked to itself.')]
        : [];
  }
};

/**
 * Tells what a down-party lacks or contradicts in itself; what concerns other parties is `validateTrack`'s.
 * @param trackName a track link may not lead to the track that it stands in
 */
export const checkDownParty = (party: WrittenDownParty, trackName: string): Problem[] => [
  ...ofItsKind(party, trackName),
  ...downPartyWithoutEffect(party),
];
