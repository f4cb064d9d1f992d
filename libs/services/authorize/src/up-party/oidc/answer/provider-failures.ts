import type { OidcUpParty } from '@corsac/model';
import type { OAuthErrorCode } from '@corsac/oauth';
import type { ProviderError } from '@corsac/oidc';
import type { LoginFailed } from '../../../sequence/sequence.js';
import type { ProviderMiss } from '../provider/provider.js';

/**
 * What a provider may tell the application: it speaks of the user or of the provider. Everything else speaks of our own
 * request, which the application did not make (OIDC Core 3.1.2.6, RFC 6749 4.1.2.1).
 */
const passedOn: ReadonlySet<string> = new Set<OAuthErrorCode>([
  'access_denied',
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
  'unmet_authentication_requirements',
  'temporarily_unavailable',
  'server_error',
]);

/** Characters of `error_description`, RFC 6749 4.1.2.1. What a provider writes is text from outside. */
const printable = (text: string): string => text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?').slice(0, 500);

/** A sign-in that an up-party could not bring about; the text names the up-party. */
export const failedAt = (
  { name }: Pick<OidcUpParty, 'name'>,
  error: OAuthErrorCode,
  description: string,
  detail?: string,
): LoginFailed => ({
  ok: false,
  error,
  error_description: `${name}|${printable(description)}`,
  ...(detail !== undefined && { detail: `${name}: ${detail}` }),
});

/** The provider does not answer, or what it says about itself cannot be used. */
export const failedByMiss = (party: Pick<OidcUpParty, 'name'>, { kind, detail }: ProviderMiss): LoginFailed =>
  kind === 'away'
    ? failedAt(party, 'temporarily_unavailable', 'the identity provider does not answer', detail)
    : failedAt(party, 'server_error', 'the identity provider cannot be used', detail);

/** What an authentication response says in place of an answer. */
export const failedByResponse = (party: Pick<OidcUpParty, 'name'>, failure: ProviderError): LoginFailed => {
  const { code, message, error, error_description } = failure;
  if (code !== 'provider_error' || error === undefined)
    return failedAt(party, 'server_error', 'the answer of the identity provider cannot be used', message);
  if (passedOn.has(error)) return failedAt(party, error as OAuthErrorCode, error_description ?? error);
  return failedAt(
    party,
    'server_error',
    error_description === undefined ? error : `${error}: ${error_description}`,
    'the provider refused our request',
  );
};

/** What the provider's token or UserInfo endpoint refused: why is between it and us. */
export const failedDirectly = (party: Pick<OidcUpParty, 'name'>, failure: ProviderError): LoginFailed => {
  const { message, error, error_description } = failure;
  const detail = [message, error, error_description].filter((part) => part !== undefined).join(': ');
  return failedAt(party, 'server_error', 'the identity provider did not confirm the sign-in', detail);
};
