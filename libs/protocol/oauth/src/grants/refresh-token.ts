import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { ok, type Outcome } from '@corsac/outcome';
import { clientDefaults, type Client } from '../client/client.js';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { grantIdCharacters } from './grant-id.js';

/** What a refresh token says: its grant (the family) and its place in it. */
export interface RefreshTokenParts {
  readonly grant_id: string;
  /** 0 for the first, one more at each rotation. */
  readonly generation: number;
}

/** State of a refresh grant as the token service keeps it. Times in unix seconds. */
export interface RefreshState {
  readonly client_id: string;
  /** Place of the token that is current. */
  readonly generation: number;
  /** When the current token came to be; for the first, when the grant did. */
  readonly rotated_at: number;
  /** When the grant began. */
  readonly first_issued_at: number;
  readonly expires_at: number;
  /** Key that the grant is bound to. RFC 9449 5. */
  readonly dpop_jkt?: string;
}

/** What a presented token means. `reuse` ends the family. RFC 9700 4.14.2. */
export type RefreshVerdict = 'rotate' | 'repeat' | 'reuse';

const form = /^([A-Za-z0-9_-]{22})\.([0-9a-z]{1,7})\.([A-Za-z0-9_-]{43})$/;

/**
 * The refresh token of a generation. It is derived, never stored: whoever reads the store gets no token, and a repeated request
 * within the grace gets the identical successor. The key makes it unforgeable, so a wrong one never reaches the store.
 * @param key HMAC key of the installation as a key object
 */
export const refreshTokenOf = ({ grant_id, generation }: RefreshTokenParts, key: KeyObject): string => {
  const head = `${grant_id}.${generation.toString(36)}`;
  return `${head}.${mac(head, key)}`;
};

/**
 * Takes a refresh token apart and proves that we made it.
 * @param keys current key first, then older ones that are still accepted
 * @returns nothing for anything that is not a refresh token of ours
 */
export const readRefreshToken = (token: string, keys: readonly KeyObject[]): RefreshTokenParts | undefined => {
  const [, grant_id, generation, given] = form.exec(token) ?? [];
  if (grant_id === undefined || generation === undefined || given === undefined) return undefined;
  const head = token.slice(0, grantIdCharacters + 1 + generation.length);
  const isOurs = keys.some((key) => timingSafeEqual(Buffer.from(mac(head, key)), Buffer.from(given)));
  return isOurs ? { grant_id, generation: parseInt(generation, 36) } : undefined;
};

/** Tells by its form alone whether a text can be a refresh token; for revocation and introspection. */
export const looksLikeRefreshToken = (token: string): boolean => form.test(token);

/**
 * Decides about a refresh token of a grant that was found. Bound to its client and key; any second use ends the family, except the
 * predecessor within the grace, which gets the same successor again. RFC 6749 6, RFC 9700 4.14.2, RFC 9449 5.
 * @param grace seconds, 0 for none
 * @returns the verdict; `invalid_grant` when the token is somebody else's or has expired: then the family stays
 */
export const judgeRefresh = (
  state: RefreshState,
  generation: number,
  context: { client_id: string; dpop_jkt?: string; now: number; grace: number },
): Outcome<RefreshVerdict, OAuthError> => {
  if (state.client_id !== context.client_id) return invalidRefreshToken('issued to another client');
  if (state.dpop_jkt !== undefined && state.dpop_jkt !== context.dpop_jkt)
    return invalidRefreshToken('bound to another key');
  if (state.expires_at <= context.now) return invalidRefreshToken('expired');
  if (generation === state.generation) return ok('rotate');
  const isPredecessor = generation === state.generation - 1;
  return ok(isPredecessor && context.now - state.rotated_at < context.grace ? 'repeat' : 'reuse');
};

/** The one answer for every refresh token that does not count. */
export const invalidRefreshToken = (detail: string) =>
  refuse('invalid_grant', 'the refresh token is not valid', detail);

/**
 * When a refresh token ends, unix seconds: sliding from now, never later than the absolute lifetime after the first.
 * An unlimited grant slides only. Reference 2.7.
 */
export const refreshExpiry = (client: Client, first_issued_at: number, now: number): number => {
  const sliding = now + (client.refresh_token_lifetime ?? clientDefaults.refresh_token_lifetime);
  if (client.refresh_token_lifetime_unlimited) return sliding;
  const absolute = client.refresh_token_absolute_lifetime ?? clientDefaults.refresh_token_absolute_lifetime;
  return Math.min(sliding, first_issued_at + absolute);
};

/** The token request of this grant. RFC 6749 6. */
export const readRefreshRequest = ({
  values,
}: Parameters): Outcome<{ refresh_token: string; scope?: string }, OAuthError> => {
  const refresh_token = values.get('refresh_token');
  if (refresh_token === undefined) return refuse('invalid_request', 'refresh_token is missing');
  const scope = values.get('scope');
  return ok(scope === undefined ? { refresh_token } : { refresh_token, scope });
};

const mac = (head: string, key: KeyObject): string =>
  createHmac('sha256', key).update(`refresh ${head}`).digest('base64url');
