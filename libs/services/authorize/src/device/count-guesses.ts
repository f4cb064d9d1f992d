import type { ItemStore } from '@corsac/data';
import { networkOf } from '../users/brakes.js';
import type { UserPlace } from '../users/user-store.js';

const mostWrong = 10;
/** Seconds; user codes live as long. */
const countedFor = 600;

/**
 * Brake on guessing user codes (RFC 8628 5.1). A try is counted before it is looked at and taken back when it was right,
 * so that tries side by side are no more than tries one after the other.
 */
export class CodeGuesses {
  constructor(private readonly items: Pick<ItemStore, 'incr'>) {}

  /** Counts a try from a client's address; false when there were too many wrong ones. Rejects with `StoreUnavailable`. */
  async mayTry(place: UserPlace, address: string): Promise<boolean> {
    const tries = await this.items.incr(keyOf(place, address), countedFor);
    if (tries <= mostWrong) return true;
    await this.forget(place, address);
    return false;
  }

  /** The try was no wrong guess. */
  async forget(place: UserPlace, address: string): Promise<void> {
    await this.items.incr(keyOf(place, address), countedFor, -1);
  }
}

const keyOf = ({ tenant, track }: UserPlace, address: string): string =>
  `device-guess/${tenant}/${track}/${networkOf(address)}`;
