import type { Parameters } from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';

/** Why the answer of a provider cannot be used. `provider_error` carries what the provider said. */
export interface ProviderError {
  readonly code:
    | 'response_malformed'
    | 'state_mismatch'
    | 'issuer_mismatch'
    | 'provider_error'
    | 'token_invalid'
    | 'userinfo_invalid';
  readonly message: string;
  /** Error code and description of the provider; text from outside, bounded. */
  readonly error?: string;
  readonly error_description?: string;
}

/** What was sent, and what is known of the provider. */
export interface ResponseExpectation {
  readonly state: string;
  readonly response_type: string;
  /** The provider's issuer. */
  readonly issuer: string;
  /** The provider says that it always sends `iss`. RFC 9207 3. */
  readonly iss_required: boolean;
}

/** Members of a usable answer; those that the response type promises are there. */
export interface AuthenticationResponse {
  readonly code?: string;
  readonly id_token?: string;
  readonly access_token?: string;
}

/**
 * Checks the answer of a provider at our redirect URI: nothing repeated, our `state`, the right issuer (against mix-up, RFC 9207 2.4),
 * no error, everything that was asked for. OIDC Core 3.1.2.7, 3.2.2.8, 3.3.2.8; RFC 9700 4.4.
 */
export const checkAuthenticationResponse = (
  parameters: Parameters,
  expected: ResponseExpectation,
): Outcome<AuthenticationResponse, ProviderError> => {
  const { values, repeated, unusable } = parameters;
  if (unusable !== undefined || repeated.length > 0) return refuse('response_malformed', 'the response is malformed');
  if (values.get('state') !== expected.state) return refuse('state_mismatch', 'state is not the one that was sent');
  const iss = values.get('iss');
  if (iss !== undefined ? iss !== expected.issuer : expected.iss_required) {
    return refuse('issuer_mismatch', 'iss is not the issuer that was asked');
  }
  const error = values.get('error');
  if (error !== undefined) {
    const error_description = values.get('error_description')?.slice(0, 500);
    return fail({
      code: 'provider_error',
      message: 'the provider refused',
      error: error.slice(0, 100),
      error_description,
    });
  }
  const promised = { code: 'code', id_token: 'id_token', token: 'access_token' } as const;
  const answer: Record<string, string> = {};
  for (const [word, name] of Object.entries(promised)) {
    if (!expected.response_type.split(' ').includes(word)) continue;
    const value = values.get(name);
    if (value === undefined) return refuse('response_malformed', `${name} is missing in the response`);
    answer[name] = value;
  }
  return ok(answer);
};

const refuse = (code: ProviderError['code'], message: string) => fail<ProviderError>({ code, message });
