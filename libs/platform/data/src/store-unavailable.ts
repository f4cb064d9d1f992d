/** What a store says of itself. */
export type StoreHealth = { up: true; took_ms: number } | { up: false; reason: string };

/** Seconds after which it is worth to ask again (`Retry-After`). */
const RETRY_AFTER_S = 2;

/**
 * A store is away, too slow or refuses its service for now. The only error that stores reject with which is not a bug;
 * an endpoint turns it into 503 or `temporarily_unavailable`. `cause` is for the log.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly kind = 'unavailable';
  readonly retry_after = RETRY_AFTER_S;

  constructor(
    readonly store: string,
    reason: string,
    cause?: unknown,
  ) {
    super(`${store}: ${reason}`, { cause });
  }
}
