import type { JsonObject, SigningAlg } from '@corsac/jwt';
import { signInIssuer, type Client, type Issuers } from '@corsac/oauth';
import { authorizeMembers, tokenServiceMembers, userMembers } from './party-members.js';

/** Member of our metadata that names the track's issuer, for parties that will exchange tokens of this track. */
export const trackIssuerMember = 'corsac_track_issuer';

/** Path of the metadata under an issuer. OIDC Discovery 4. */
export const wellKnown = '/.well-known/openid-configuration';

/** What a metadata document is made of. */
export interface MetadataInput {
  readonly client: Client;
  /** `party` is the address as it was asked for, binding included: the document's issuer must be exactly that. */
  readonly issuers: Issuers;
  /** The track's algorithm for clients that chose none. */
  readonly defaultAlg: SigningAlg;
  /** Languages of the pages. */
  readonly ui_locales: readonly string[];
  /**
   * Authentication contexts that every user of the client can reach, for example `mfa` where all have a second factor. Left out by
   * default: some clients ask for whatever is listed.
   */
  readonly acr_values?: readonly string[] | undefined;
}

/**
 * The metadata of one down-party: what this client can do, and no more. Serves OIDC Discovery 3 and RFC 8414 2 alike. Its issuer is
 * the address without the well-known part, so that a strict client works unconfigured.
 */
export const partyMetadata = (input: MetadataInput): JsonObject => {
  const { client, issuers } = input;
  return {
    issuer: signInIssuer(client, issuers),
    [trackIssuerMember]: issuers.track,
    jwks_uri: `${issuers.party}${wellKnown}/keys`,
    ...tokenServiceMembers(input),
    ...authorizeMembers(input),
    ...userMembers(input),
  };
};

/**
 * The metadata of a track, where an API finds issuer and keys of the access tokens that it is sent. There is nothing to sign in at, so
 * it has no `authorization_endpoint`.
 * @param algs algorithms of the track's keys
 */
export const trackMetadata = (track: string, algs: readonly SigningAlg[]): JsonObject => ({
  issuer: track,
  [trackIssuerMember]: track,
  jwks_uri: `${track}${wellKnown}/keys`,
  response_types_supported: [],
  grant_types_supported: [],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [...algs],
});
