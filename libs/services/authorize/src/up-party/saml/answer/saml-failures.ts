import type { Saml2UpParty } from '@corsac/model';
import type { OAuthErrorCode } from '@corsac/oauth';
import { oauthErrorOfStatus, type SamlStatus } from '@corsac/saml';
import type { LoginFailed } from '../../../sequence/sequence.js';
import type { IdpMiss } from '../idp/identity-provider.js';

/** A sign-in that an up-party could not bring about; the text names the up-party. */
export const failedAt = (
  { name }: Pick<Saml2UpParty, 'name'>,
  error: OAuthErrorCode,
  description: string,
  detail?: string,
): LoginFailed => ({
  ok: false,
  error,
  error_description: `${name}|${description}`,
  ...(detail !== undefined && { detail: `${name}: ${detail}` }),
});

/** The identity provider does not answer, or what it says about itself cannot be used. */
export const failedByMiss = (party: Pick<Saml2UpParty, 'name'>, { kind, detail }: IdpMiss): LoginFailed =>
  kind === 'away'
    ? failedAt(party, 'temporarily_unavailable', 'the identity provider does not answer', detail)
    : failedAt(party, 'server_error', 'the identity provider cannot be used', detail);

/**
 * What a response says in place of an answer. Statuses that speak of the user reach the application; others speak of our own
 * request, which the application did not make.
 */
export const failedByStatus = (party: Pick<Saml2UpParty, 'name'>, status: SamlStatus): LoginFailed => {
  const { error, error_description, detail } = oauthErrorOfStatus(status);
  return failedAt(party, error === 'invalid_request' ? 'server_error' : error, error_description, detail);
};
