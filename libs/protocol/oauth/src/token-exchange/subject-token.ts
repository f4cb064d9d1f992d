import type { JsonObject } from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import { shownAll } from '../shown.js';

/** `typ` values of an access token from this track. RFC 9068 2.1. */
export const ownTokenTypes = ['at+jwt'] as const;

/** `typ` values of an access token from elsewhere; many providers say only JWT, or nothing. */
export const foreignTokenTypes = ['at+jwt', 'jwt', ''] as const;

/**
 * Refuses a verified token from elsewhere that is an ID token or an event rather than an access token. A token marked `at+jwt` is
 * what it says; the others are told by the claims that only ID tokens and logout tokens have. RFC 8725 3.11 and 3.12, RFC 8693 5.
 */
export const checkIsAccessToken = (header: JsonObject, claims: JsonObject): Outcome<void, OAuthError> => {
  const typ = String(header['typ'] ?? '').toLowerCase();
  if (typ.endsWith('at+jwt')) return ok();
  const kind = claims['typ'];
  const isBearer = kind === 'Bearer';
  const marks = ['at_hash', 'c_hash', 's_hash', 'events', ...(isBearer ? [] : ['nonce'])];
  return kind === 'ID' || kind === 'Refresh' || marks.some((mark) => mark in claims)
    ? refuse('invalid_request', 'the token is not accepted', 'it is not an access token')
    : ok();
};

/** A verified token of this track that is exchanged here must be meant for the exchanging client, otherwise `invalid_request`. Reference 5.2. */
export const checkMeantFor = (audiences: readonly string[], client_id: string): Outcome<void, OAuthError> =>
  audiences.includes(client_id)
    ? ok()
    : refuse(
        'invalid_request',
        'the token is not accepted',
        `it is for ${shownAll(audiences)}, not for the exchanging client ${client_id}`,
      );
