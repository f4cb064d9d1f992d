import {
  decodeJwt,
  signingAlgs,
  type JsonObject,
  type VerificationKey,
  type VerifyRules,
  verifyJwt,
  type Json,
} from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { hasKeys, type Client } from '../client/client.js';
import { refuse, type OAuthError } from '../errors.js';
import { parametersOf, type Parameters } from '../parameters/parse-parameters.js';
import type { Issuers } from '../scopes/audience.js';

/** What a request object is judged by. */
export interface RequestObjectContext {
  readonly client: Client;
  readonly issuers: Issuers;
  /** The client's keys, from `jwks` or fetched from `jwks_uri`. */
  readonly keys: readonly VerificationKey[];
  /** Unix seconds. */
  readonly now: number;
}

/** Claims of the JWT itself; they are no parameters. RFC 9101 4. */
const envelope = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub']);

const clockSkew = 10;

/**
 * Verifies a request object sent by value and turns its claims into the parameters that alone count from here on. A client
 * without keys cannot sign one, and unsigned objects are not taken. RFC 9101 6, OIDC Core 6.1.
 * @param outer the parameters beside it; `response_type` and `client_id` there must agree with the inner ones
 * @returns the inner parameters; `request_not_supported` or `invalid_request_object`
 */
export const readRequestObject = (
  request: string,
  outer: Parameters,
  context: RequestObjectContext,
): Outcome<Parameters, OAuthError> => {
  if (!hasKeys(context.client)) return refuse('request_not_supported', 'the client has no keys for request objects');
  const verified = verifyJwt(request, rulesOf(context));
  if (!verified.ok) {
    return refuse(
      'invalid_request_object',
      'the request object does not verify',
      `${verified.error.code}: ${verified.error.message}`,
    );
  }
  const { claims } = verified.value;
  if (claims['iss'] !== undefined && claims['iss'] !== context.client.name) {
    return refuse('invalid_request_object', 'iss of the request object must be the client_id');
  }
  // An assertion for client authentication must not pass as a request. RFC 9101 10.8.
  if (claims['sub'] === context.client.name) return refuse('invalid_request_object', 'sub must not be the client_id');
  if (!isForUs(claims, context.issuers))
    return refuse('invalid_request_object', 'aud of the request object is somebody else');
  return innerParameters(claims, outer);
};

const wayBackNames = ['response_mode', 'response_type', 'state'];

/**
 * How the answer to a request object that was refused may travel: as it says itself, although nobody vouches for it. Anybody could
 * have written the same beside it, and the address of the answer is never taken from here. OIDC Core 3.1.2.6.
 * @param outer the parameters beside the object; what they say goes first
 */
export const wayBackOf = (outer: Parameters): Parameters => {
  const request = outer.values.get('request');
  if (request === undefined) return outer;
  // An object without signature ends with its dot; it is only read here.
  const decoded = decodeJwt(request.endsWith('.') ? `${request}AA` : request);
  if (!decoded.ok) return outer;
  const { claims } = decoded.value;
  const inside = wayBackNames.flatMap((name): [string, string][] => {
    const value = claims[name];
    return typeof value === 'string' && !outer.values.has(name) && !outer.repeated.includes(name)
      ? [[name, value]]
      : [];
  });
  return { ...outer, values: new Map([...outer.values, ...parametersOf(inside).values]) };
};

const rulesOf = ({ client, keys, now }: RequestObjectContext): VerifyRules => ({
  keys,
  algs: client.request_object_signing_alg ? [client.request_object_signing_alg] : signingAlgs,
  typ: ['', 'jwt', 'oauth-authz-req+jwt'],
  now,
  clockSkew,
  expOptional: true,
});

const isForUs = (claims: JsonObject, issuers: Issuers): boolean => {
  const audiences = [claims['aud'] ?? []].flat();
  if (audiences.length === 0) return true;
  return audiences.some((one) => one === issuers.track || (typeof one === 'string' && isUnder(one, issuers.party)));
};

const isUnder = (address: string, party: string): boolean => address === party || address.startsWith(`${party}/`);

const innerParameters = (claims: JsonObject, outer: Parameters): Outcome<Parameters, OAuthError> => {
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(claims)) {
    if (envelope.has(name)) continue;
    if (name === 'request' || name === 'request_uri')
      return refuse('invalid_request_object', 'a request object must not name another');
    const texts = textsOf(name, value);
    if (!texts) return refuse('invalid_request_object', 'a member of the request object has a wrong type');
    for (const text of texts) entries.push([name, text]);
  }
  const inner = parametersOf(entries);
  for (const name of ['client_id', 'response_type']) {
    const outside = outer.values.get(name);
    const inside = inner.values.get(name);
    if (outside !== undefined && inside !== undefined && outside !== inside) {
      return refuse('invalid_request_object', `${name} differs inside and outside the request object`);
    }
  }
  return ok(inner);
};

/** Parameters are text, except `max_age` (a number), `claims` (an object) and `resource` (perhaps a list). RFC 9101 4. */
const textsOf = (name: string, value: Json): string[] | undefined => {
  if (value === null) return [];
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' && name === 'max_age') return [String(value)];
  if (typeof value === 'object' && name === 'claims') return [JSON.stringify(value)];
  if (
    Array.isArray(value) &&
    (name === 'resource' || name === 'audience') &&
    value.every((one) => typeof one === 'string')
  ) {
    return value as string[];
  }
  return typeof value === 'object' || typeof value === 'boolean' || typeof value === 'number' ? undefined : [];
};
