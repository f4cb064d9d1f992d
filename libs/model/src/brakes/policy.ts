import type { Brakes } from './settings.js';

/** What failures are counted by. */
export type BrakeKind = 'account' | 'address' | 'requests';

/** The figures of one brake; seconds. */
export interface BrakeFigures {
  /** So many failures are let through; 0: the brake is off. */
  readonly limit: number;
  /** A count is forgotten so long after the last failure. */
  readonly count_lifetime: number;
  /** Who reached the limit waits so long. */
  readonly wait: number;
}

/** The figures that a track's settings give each brake. */
export const brakeFigures = (brakes: Brakes, kind: BrakeKind): BrakeFigures => {
  if (kind === 'requests') {
    const period = brakes.failing_request_period;
    return { limit: brakes.max_failing_requests_per_address, count_lifetime: period, wait: period };
  }
  return {
    limit: kind === 'account' ? brakes.max_failing_logins : brakes.max_failing_logins_per_address,
    count_lifetime: brakes.failing_login_count_lifetime,
    wait: brakes.failing_login_observation_period,
  };
};

/** What to do with an attempt, before it is made. */
export type BrakeDecision = { readonly allowed: true } | { readonly allowed: false; readonly retry_after: number };

/** The count of one account or address as its store keeps it; unix seconds. */
export interface BrakeCount {
  readonly failures: number;
  readonly last_failure: number;
}

/**
 * Decides whether an attempt may be made. The store counts atomically; whoever is over the limit waits from the last failure
 * on, and attempts made while waiting are neither tried nor counted, so that nobody can prolong another's wait.
 * @param now unix seconds
 */
export const brakeDecision = (count: BrakeCount | undefined, figures: BrakeFigures, now: number): BrakeDecision => {
  if (!count || figures.limit === 0 || count.failures < figures.limit) return { allowed: true };
  const until = count.last_failure + figures.wait;
  return until > now ? { allowed: false, retry_after: until - now } : { allowed: true };
};

/** The count after one more failure; one that is forgotten, or whose wait is over, begins anew. @param now unix seconds */
export const countFailure = (count: BrakeCount | undefined, figures: BrakeFigures, now: number): BrakeCount => {
  const kept =
    count && count.last_failure + figures.count_lifetime > now && !hasWaited(count, figures, now) ? count.failures : 0;
  return { failures: kept + 1, last_failure: now };
};

const hasWaited = (count: BrakeCount, { limit, wait }: BrakeFigures, now: number): boolean =>
  limit > 0 && count.failures >= limit && count.last_failure + wait <= now;
