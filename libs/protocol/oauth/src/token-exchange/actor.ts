import { isJsonObject, type Json } from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import type { Actor } from '../tokens/access-token.js';

/** Longest chain of actors that is issued. */
export const deepestActorChain = 10;

/** The party that acts: whom the actor token names, else the exchanging client. */
export interface ActingParty {
  readonly sub: string;
  /** Issuer of the actor token, when it is not this track. */
  readonly iss?: string;
}

/**
 * Puts the acting party in front of the chain that the subject token carries. RFC 8693 4.1: the outermost actor is the current one.
 * @param earlier the `act` claim of the verified subject token
 * @returns the new chain; `invalid_request` when the earlier one is malformed or the new one too deep
 */
export const actorChain = (acting: ActingParty, earlier: Json | undefined): Outcome<Actor, OAuthError> => {
  const chain = readChain(earlier, deepestActorChain - 1);
  if (!chain.ok) return chain;
  return ok(chain.value ? { ...acting, act: chain.value } : { ...acting });
};

/**
 * Checks the `may_act` claim of the subject token: when it is there, only the party it names may act. RFC 8693 4.4.
 * @param accepted names of the acting party: its subject, and for the client itself also its `client_id`
 * @returns `invalid_request` when another party is named, or nothing that can be read
 */
export const checkMayAct = (
  mayAct: Json | undefined,
  accepted: { subs: readonly string[]; iss?: string },
): Outcome<void, OAuthError> => {
  if (mayAct === undefined) return ok();
  const named = isJsonObject(mayAct) ? mayAct : {};
  const subjectFits = [named['sub'], named['client_id']].some(
    (name) => typeof name === 'string' && accepted.subs.includes(name),
  );
  const allFit = [named['sub'], named['client_id']].every(
    (name) => name === undefined || (typeof name === 'string' && accepted.subs.includes(name)),
  );
  const issuerFits = named['iss'] === undefined || named['iss'] === accepted.iss;
  return subjectFits && allFit && issuerFits
    ? ok()
    : refuse('invalid_request', 'the actor may not act for the subject', 'may_act names another party');
};

const readChain = (value: Json | undefined, depth: number): Outcome<Actor | undefined, OAuthError> => {
  if (value === undefined) return ok(undefined);
  if (depth === 0) return refuse('invalid_request', 'the chain of actors is too long');
  if (!isJsonObject(value) || typeof value['sub'] !== 'string') {
    return refuse('invalid_request', 'the token is not accepted', 'its act claim is malformed');
  }
  const inner = readChain(value['act'], depth - 1);
  if (!inner.ok) return inner;
  const iss = typeof value['iss'] === 'string' ? { iss: value['iss'] } : {};
  return ok({ sub: value['sub'], ...iss, ...(inner.value && { act: inner.value }) });
};
