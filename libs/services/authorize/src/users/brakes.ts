import { createHash } from 'node:crypto';
import type { ItemStore } from '@corsac/data';
import type { Brakes as BrakeFigures } from '@corsac/model';
import type { UserPlace } from './user-store.js';

/** What is guessed at: passwords, or codes of a second factor and of mails, of which two more may be wrong. */
export type Guessed = 'password' | 'code';
const moreForCodes = 2;

/** Who guesses at whom. */
export interface Guess {
  readonly place: UserPlace;
  readonly guessed: Guessed;
  /** What was typed; whether there is such a user makes no difference. */
  readonly identifier: string;
  /** The browser's address as the listener proved it. */
  readonly address: string;
}

interface Mark {
  readonly waits: boolean;
}

interface Brake {
  readonly of: 'user' | 'address';
  readonly key: string;
  readonly max: number;
}

/** Addresses of one IPv6 network are one guesser: whoever has one has 2^64 of them. */
const networkOf = (address: string): string => {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('%')[0]!.split('::');
  const first = head.split(':').filter((group) => group !== '');
  const rest = tail.split(':').filter((group) => group !== '');
  const missing = address.includes('::') ? Math.max(0, 8 - first.length - rest.length) : 0;
  return [...first, ...Array<string>(missing).fill('0'), ...rest].slice(0, 4).join(':');
};

/** Identifiers are hashed so that a store's key is short and tells nobody's name. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 27);

/**
 * Brakes on guessing: failures are counted per identifier and per address, one atomic step each, and whoever has failed
 * too often waits. A right answer counts only when nobody waits when it is known, so that guesses made side by side gain
 * no more than those under way when the count is full.
 */
export class GuessBrakes {
  constructor(private readonly items: ItemStore) {}

  /** Must the guesser wait? Asked before the guess is looked at. */
  async waits(guess: Guess, figures: BrakeFigures): Promise<boolean> {
    const marks = await Promise.all(brakesOf(guess, figures).map(({ key }) => this.items.get<Mark>(key)));
    return marks.some((mark) => mark?.value.waits === true);
  }

  /** Counts a failure; at the last one that is allowed the waiting begins, and the count begins anew after it. */
  async failed(guess: Guess, figures: BrakeFigures): Promise<void> {
    await Promise.all(brakesOf(guess, figures).map((brake) => this.count(brake, figures)));
  }

  /**
   * A right answer: does it count? Not when somebody began to wait meanwhile. When it does, the count of its identifier
   * ends; that of the address goes on, as a guesser may own one account.
   */
  async believes(guess: Guess, figures: BrakeFigures): Promise<boolean> {
    const brakes = brakesOf(guess, figures);
    const marks = await Promise.all(brakes.map(({ key }) => this.items.get<Mark>(key)));
    if (marks.some((mark) => mark?.value.waits === true)) return false;
    const at = brakes.findIndex(({ of }) => of === 'user');
    const brake = brakes[at];
    // Without failures there is nothing to forget: most sign-ins cost no more than the look.
    if (brake && marks[at]) await this.clear(brake, figures);
    return true;
  }

  private async count({ key, max }: Brake, figures: BrakeFigures): Promise<void> {
    const lifetime = figures.failing_login_count_lifetime;
    const failures = await this.items.incr(key, lifetime);
    if (failures < max) {
      // Says that there are failures to forget.
      await this.items.putIfAbsent(key, { waits: false } satisfies Mark, lifetime);
      return;
    }
    await this.items.put(key, { waits: true } satisfies Mark, figures.failing_login_observation_period);
    if (failures === max) await this.items.incr(key, lifetime, -failures);
  }

  private async clear({ key }: Brake, figures: BrakeFigures): Promise<void> {
    const failures = await this.items.incr(key, figures.failing_login_count_lifetime, 0);
    await this.items.incr(key, figures.failing_login_count_lifetime, -failures);
    await this.items.remove(key);
  }
}

const brakesOf = ({ place, guessed, identifier, address }: Guess, figures: BrakeFigures): Brake[] => {
  const base = `brake/${place.tenant}/${place.track}/${guessed}`;
  const more = guessed === 'code' ? moreForCodes : 0;
  const brakes = [
    { of: 'user' as const, key: `${base}/user/${digest(identifier)}`, max: figures.max_failing_logins },
    {
      of: 'address' as const,
      key: `${base}/address/${networkOf(address)}`,
      max: figures.max_failing_logins_per_address,
    },
  ];
  return brakes.filter(({ max }) => max > 0).map((brake) => ({ ...brake, max: brake.max + more }));
};
