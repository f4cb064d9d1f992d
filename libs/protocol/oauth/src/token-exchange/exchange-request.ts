import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { parseScope } from '../scopes/scope-text.js';

const urn = 'urn:ietf:params:oauth:token-type:';

/** Token types of RFC 8693 3 that mean something here. */
export const tokenTypes = {
  access_token: `${urn}access_token`,
  jwt: `${urn}jwt`,
  saml2: `${urn}saml2`,
} as const;

/** A token exchange request whose form is right. RFC 8693 2.1. */
export interface ExchangeRequest {
  readonly subject_token: string;
  readonly subject_token_type: 'access_token' | 'jwt' | 'saml2';
  readonly actor_token?: string;
  readonly requested_token_type: string;
  readonly resource: readonly string[];
  readonly audience: readonly string[];
  /** Words of `scope`; nothing when it was not sent. */
  readonly scope?: readonly string[];
}

/**
 * Reads the request. ID and refresh tokens are no subject tokens here, and none can be had. All refusals are `invalid_request`, RFC
 * 8693 2.2.2, but for a malformed scope.
 */
export const readExchangeRequest = ({ values, lists }: Parameters): Outcome<ExchangeRequest, OAuthError> => {
  const subject_token = values.get('subject_token');
  if (subject_token === undefined) return refuse('invalid_request', 'subject_token is missing');
  const subject_token_type = subjectTypeOf(values.get('subject_token_type'));
  if (!subject_token_type) return refuse('invalid_request', 'subject_token_type is missing or not supported');
  const requested_token_type = values.get('requested_token_type') ?? tokenTypes.access_token;
  if (requested_token_type !== tokenTypes.access_token && requested_token_type !== tokenTypes.jwt) {
    return refuse('invalid_request', 'requested_token_type is not supported');
  }
  const actor = readActor(values.get('actor_token'), values.get('actor_token_type'));
  if (!actor.ok) return actor;
  const scope = parseScope(values.get('scope'));
  if (!scope.ok) return scope;
  return ok({
    subject_token,
    subject_token_type,
    requested_token_type,
    resource: lists.resource,
    audience: lists.audience,
    ...(actor.value !== undefined && { actor_token: actor.value }),
    ...(values.has('scope') && { scope: scope.value }),
  });
};

const subjectTypeOf = (type: string | undefined): ExchangeRequest['subject_token_type'] | undefined =>
  (Object.keys(tokenTypes) as (keyof typeof tokenTypes)[]).find((kind) => tokenTypes[kind] === type);

/** The type goes with the token, in both directions. RFC 8693 2.1. */
const readActor = (token: string | undefined, type: string | undefined): Outcome<string | undefined, OAuthError> => {
  if (token === undefined) {
    return type === undefined ? ok(undefined) : refuse('invalid_request', 'actor_token_type without actor_token');
  }
  return type === tokenTypes.access_token || type === tokenTypes.jwt
    ? ok(token)
    : refuse('invalid_request', 'actor_token_type is missing or not supported');
};
