import { ok, type Outcome } from '@corsac/outcome';
import { grantTypes, isPublicClient, type Client, type GrantType } from '../client/client.js';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';

/** Grants of the token endpoint; `implicit` is none. */
export type TokenGrantType = Exclude<GrantType, 'implicit'>;

/** Grants that need a client which can prove itself. RFC 6749 4.4, RFC 8693 2.1. */
const confidentialOnly: readonly string[] = ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'];

/**
 * Reads `grant_type` and checks that it is the client's. Asked after authentication. RFC 6749 5.2.
 * @returns `unsupported_grant_type` for what does not exist here, `password` among it (RFC 9700 2.4); `unauthorized_client` for what
 * the client does not have
 */
export const readGrantType = ({ values }: Parameters, client: Client): Outcome<TokenGrantType, OAuthError> => {
  const asked = values.get('grant_type');
  if (asked === undefined) return refuse('invalid_request', 'grant_type is missing');
  const grant_type = grantTypes.find((one) => one === asked);
  if (!grant_type || grant_type === 'implicit') return refuse('unsupported_grant_type', 'grant_type is not supported');
  if (!client.grant_types.includes(grant_type)) {
    return refuse('unauthorized_client', 'grant_type is not allowed for the client');
  }
  if (confidentialOnly.includes(grant_type) && isPublicClient(client)) {
    return refuse('unauthorized_client', 'grant_type needs a client that authenticates');
  }
  return ok(grant_type);
};
