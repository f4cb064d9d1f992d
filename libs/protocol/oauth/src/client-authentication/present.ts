import { ok, type Outcome } from '@corsac/outcome';
import { acceptedAuthMethods, type Client } from '../client/client.js';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { readBasic } from './basic.js';

/** What a client shows of itself. Nothing is proven yet. */
export type PresentedClient =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly client_id: string;
      readonly client_secret: string;
    }
  | { readonly method: 'private_key_jwt'; readonly client_id: string; readonly client_assertion: string }
  | { readonly method: 'none'; readonly client_id: string };

/** The only assertion type. RFC 7523 2.2. */
export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Who a request says that it comes from, before anything is proven: `client_id`, or else the user of the header. RFC 6749 2.3.1. */
export const namedClient = (authorization: string | undefined, { values }: Parameters): string | undefined => {
  const basic = readBasic(authorization);
  return values.get('client_id') ?? (basic.ok ? basic.value?.client_id : undefined);
};

/**
 * Finds the one way in which a request authenticates its client. Two ways in one request are refused (RFC 6749 2.3); a
 * `client_id` beside any of them must be the same. The address names the party, so everything must name that one.
 * @param authorization the `Authorization` header as it came
 * @param client_id name of the party in the address
 * @returns what was presented; `invalid_request` for two methods, `invalid_client` otherwise
 */
export const presentedClient = (
  authorization: string | undefined,
  parameters: Parameters,
  client_id: string,
): Outcome<PresentedClient, OAuthError> => {
  const { values } = parameters;
  const basic = readBasic(authorization);
  if (!basic.ok) return basic;
  const assertion = values.get('client_assertion');
  const type = values.get('client_assertion_type');
  const secret = values.get('client_secret');
  const ways = [basic.value, assertion ?? type, secret].filter((way) => way !== undefined).length;
  if (ways > 1) return refuse('invalid_request', 'only one way of client authentication may be used');
  const named = [values.get('client_id'), basic.value?.client_id].filter((name) => name !== undefined);
  if (named.some((name) => name !== client_id))
    return refuse('invalid_client', 'client authentication failed', 'other client_id');
  if (basic.value) return ok({ method: 'client_secret_basic', ...basic.value });
  if (assertion !== undefined || type !== undefined) {
    return type === jwtBearer && assertion !== undefined
      ? ok({ method: 'private_key_jwt', client_id, client_assertion: assertion })
      : refuse(
          'invalid_client',
          'client authentication failed',
          'client_assertion without its type or of another type',
        );
  }
  if (secret !== undefined) return ok({ method: 'client_secret_post', client_id, client_secret: secret });
  // Who a public client is must be said in the request itself. RFC 6749 3.2.1.
  return named.length > 0
    ? ok({ method: 'none', client_id })
    : refuse('invalid_client', 'client authentication is missing');
};

/**
 * Tells whether a client may authenticate in the presented way. Exactly the registered method; unset stands for basic and post.
 * RFC 7591 2. The caller then checks secret or assertion.
 */
export const checkAuthMethod = (presented: PresentedClient, client: Client): Outcome<void, OAuthError> =>
  acceptedAuthMethods(client).includes(presented.method)
    ? ok()
    : refuse('invalid_client', 'client authentication failed', `${presented.method} is not the method of the client`);
