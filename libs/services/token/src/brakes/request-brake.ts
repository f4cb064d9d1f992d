import type { TrackView } from '@corsac/config-cache';
import type { ItemStore } from '@corsac/data';
import type { OAuthErrorCode } from '@corsac/oauth';
import { BoundedMemory } from '../party/bounded-memory.js';

/** What is refused because of the moment, not because of the request. */
const innocent: readonly OAuthErrorCode[] = [
  'temporarily_unavailable',
  'server_error',
  'authorization_pending',
  'slow_down',
];

/** Addresses that are held back at most; who comes on top of that is let through. */
const capacity = 20_000;

/** What the brake needs to know of a request. */
type Track = Pick<TrackView, 'tenant' | 'track' | 'settings'>;

/**
 * Holds back an address that was refused too often in one period, per track. Only refusals are counted, in the store so that all
 * replicas count together; whether an address is held back is known here, so that a good request costs a look into memory.
 */
export class RequestBrake {
  private readonly held = new BoundedMemory<number>(capacity);

  constructor(
    private readonly items: Pick<ItemStore, 'incr'>,
    private readonly nowMs: () => number,
  ) {}

  /** Seconds that the address must wait; nothing while it may go on. */
  waits({ tenant, track }: Track, address: string): number | undefined {
    if (this.held.size === 0) return undefined;
    const until = this.held.get(`${tenant}/${track}/${address}`);
    if (until === undefined) return undefined;
    const left = Math.ceil((until - this.nowMs()) / 1000);
    return left > 0 ? left : undefined;
  }

  /** Counts a refusal. The answer does not wait for it, and a store that is away holds nobody back. */
  count(track: Track, address: string, error: OAuthErrorCode): void {
    const { max_failing_requests_per_address: most, failing_request_period: period } = track.settings.brakes;
    if (most === 0 || innocent.includes(error)) return;
    const nowMs = this.nowMs();
    const window = Math.floor(nowMs / 1000 / period);
    const who = `${track.tenant}/${track.track}/${address}`;
    void this.items.incr(`brake/${who}/${window}`, period).then(
      (count) => {
        if (count >= most) this.held.set(who, (window + 1) * period * 1000);
      },
      () => undefined,
    );
  }
}
