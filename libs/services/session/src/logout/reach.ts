import type { LogoutCause } from '@corsac/contracts';
import type { StoredSession } from '../sessions/session-store.js';

const standsOn = (upper: StoredSession, lower: StoredSession): boolean =>
  upper.linked?.track === lower.track && upper.linked.sid === lower.sid;

/** Does the end of `ended` also end `other`, of the same browser? */
const carriesTo = (ended: StoredSession, other: StoredSession): boolean => {
  if (standsOn(other, ended)) return other.single_logout;
  if (!ended.single_logout) return false;
  return standsOn(ended, other) || (other.track === ended.track && other.single_logout);
};

/** What stands on a session cannot outlive it; for the rest of the browser these causes mean nothing. */
const onlyItself: ReadonlySet<LogoutCause> = new Set(['expired', 'replaced']);

/**
 * The sessions of one browser that end when `seeds` end: in their track, and along links in both directions, except
 * where `single_logout` is false. Seeds come first, each session once.
 */
export const sessionsReached = (
  seeds: readonly StoredSession[],
  browser: readonly StoredSession[],
  cause: LogoutCause,
): StoredSession[] => {
  const reached = [...seeds];
  const isReached = (session: StoredSession): boolean =>
    reached.some(({ track, sid }) => track === session.track && sid === session.sid);
  // The list grows while it is walked: what a reached session reaches in turn is walked too.
  for (const ended of reached) {
    const carries = onlyItself.has(cause)
      ? (other: StoredSession) => cause === 'replaced' && standsOn(other, ended)
      : (other: StoredSession) => carriesTo(ended, other);
    reached.push(...browser.filter((other) => !isReached(other) && carries(other)));
  }
  return reached;
};
