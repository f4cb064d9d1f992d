import type { SessionSettings } from './settings.js';

/** When a session began and was last used; unix seconds. */
export interface SessionTimes {
  readonly created: number;
  readonly last_used: number;
}

/** How long sessions of an up-party live; seconds, 0 switches a figure off. */
export type SessionLifetimes = Omit<SessionSettings, 'single_logout'>;

/** `valid`, or why it is not: there are no sessions, it was not used for too long, or it is too old. */
export type SessionState = 'valid' | 'disabled' | 'idle' | 'absolute';

/** Tells whether an up-party has sessions at all; without, every request authenticates. */
export const hasSessions = (lifetimes: SessionLifetimes): boolean =>
  lifetimes.session_lifetime > 0 || isPersistent(lifetimes);

/** Tells whether sessions outlive the browser: its cookie is kept when it is closed. */
export const isPersistent = (lifetimes: SessionLifetimes): boolean =>
  lifetimes.persistent_session_absolute_lifetime > 0 || lifetimes.persistent_session_lifetime_unlimited;

/**
 * Tells whether a session may still be used, by the table of reference 6.3.
 * @param now unix seconds; a session is still valid in the second in which it ends
 */
export const sessionState = (session: SessionTimes, lifetimes: SessionLifetimes, now: number): SessionState => {
  if (!hasSessions(lifetimes)) return 'disabled';
  const deadline = sessionDeadline(session, lifetimes);
  if (deadline === undefined || deadline >= now) return 'valid';
  const absolute = lifetimes.session_absolute_lifetime;
  return absolute > 0 && session.created + absolute < now ? 'absolute' : 'idle';
};

/**
 * The last second in which a session is valid when nobody uses it again, for the index of the sweep; unix seconds.
 * @returns undefined when it never ends; its beginning when there are no sessions
 */
export const sessionDeadline = (session: SessionTimes, lifetimes: SessionLifetimes): number | undefined => {
  if (lifetimes.persistent_session_lifetime_unlimited) return undefined;
  if (!hasSessions(lifetimes)) return session.created;
  const absolute = lifetimes.session_absolute_lifetime;
  const idle = session.last_used + lifetimes.session_lifetime;
  const sliding = absolute > 0 ? Math.min(idle, session.created + absolute) : idle;
  const persistent = lifetimes.persistent_session_absolute_lifetime;
  return persistent > 0 ? Math.max(sliding, session.created + persistent) : sliding;
};
