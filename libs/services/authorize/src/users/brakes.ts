import { hash } from 'node:crypto';
import type { Item, ItemStore } from '@corsac/data';
import type { Brakes as BrakeFigures } from '@corsac/model';
import type { UserPlace } from './user-store.js';

/** What is guessed at: passwords, or codes of a second factor and of mails, of which two more may be wrong. */
export type Guessed = 'password' | 'code';
const moreForCodes = 2;

/** Who guesses at whom. */
export interface Guesser {
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

/** Who waits: an identifier, whether there is such a user or not, or an address. */
export interface Waiting {
  readonly of: 'user' | 'address';
  readonly guessed: Guessed;
  readonly value: string;
}

interface Brake {
  readonly waiting: Waiting;
  readonly key: string;
  readonly max: number;
}

/** A guess, with the brakes that are on it. */
export interface Guess {
  readonly place: UserPlace;
  readonly figures: BrakeFigures;
  readonly brakes: readonly Brake[];
}

/** Addresses of one IPv6 network are one guesser: whoever has one has 2^64 of them. */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('%')[0]!.split('::');
  const first = head.split(':').filter((group) => group !== '');
  const rest = tail.split(':').filter((group) => group !== '');
  const missing = address.includes('::') ? Math.max(0, 8 - first.length - rest.length) : 0;
  return [...first, ...Array<string>(missing).fill('0'), ...rest].slice(0, 4).join(':');
};

/** Identifiers are hashed so that a store's key is short and tells nobody's name. */
const digest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 27);

/**
 * Brakes on guessing: failures are counted per identifier and per address, one atomic step each, and whoever has failed
 * too often waits. A right answer counts only when nobody waits when it is known, so that guesses made side by side gain
 * no more than those under way when the count is full.
 */
export class GuessBrakes {
  constructor(private readonly items: ItemStore) {}

  /** Must the guesser wait? Asked before the guess is looked at. */
  async waits({ brakes }: Guess): Promise<boolean> {
    const marks = await this.marksOf(brakes);
    return marks.some((mark) => mark?.value.waits === true);
  }

  /** Counts a failure; at the last one that is allowed the waiting begins, and the count begins anew after it. */
  async failed(guess: Guess): Promise<void> {
    await Promise.all(guess.brakes.map((brake) => this.count(guess, brake)));
  }

  /**
   * A right answer: does it count? Not when somebody began to wait meanwhile. When it does, the count of its identifier
   * ends; that of the address goes on, as a guesser may own one account.
   */
  async believes({ brakes, figures }: Guess): Promise<boolean> {
    const marks = await this.marksOf(brakes);
    if (marks.some((mark) => mark?.value.waits === true)) return false;
    const at = brakes.findIndex(({ waiting }) => waiting.of === 'user');
    const brake = brakes[at];
    // Without failures there is nothing to forget: most sign-ins cost no more than the look.
    if (brake && marks[at]) await this.clear(brake, figures);
    return true;
  }

  /** Who waits in a track just now. */
  async list(place: UserPlace): Promise<Waiting[]> {
    const members = await this.items.membersOf(waitingIndex(place));
    return members.flatMap((member) => readMember(member) ?? []);
  }

  /** Lets somebody try again at once. */
  async release(place: UserPlace, waiting: Waiting): Promise<void> {
    await this.items.remove(keyOf(place, waiting));
    await this.items.removeFromIndex(waitingIndex(place), memberOf(waiting));
  }

  private marksOf(brakes: readonly Brake[]): Promise<(Item<Mark> | undefined)[]> {
    return this.items.getMany<Mark>(brakes.map(({ key }) => key));
  }

  private async count({ place, figures }: Guess, brake: Brake): Promise<void> {
    const { key, max, waiting } = brake;
    const lifetime = figures.failing_login_count_lifetime;
    const failures = await this.items.incr(key, lifetime);
    if (failures < max) {
      // Says that there are failures to forget.
      await this.items.putIfAbsent(key, { waits: false } satisfies Mark, lifetime);
      return;
    }
    const period = figures.failing_login_observation_period;
    await this.items.put(key, { waits: true } satisfies Mark, period);
    await this.items.addToIndex(waitingIndex(place), memberOf(waiting), period);
    if (failures === max) await this.items.incr(key, lifetime, -failures);
  }

  private async clear({ key }: Brake, figures: BrakeFigures): Promise<void> {
    const failures = await this.items.incr(key, figures.failing_login_count_lifetime, 0);
    await this.items.incr(key, figures.failing_login_count_lifetime, -failures);
    await this.items.remove(key);
  }
}

/** What holds a guess back by the figures of its track; a figure of 0 is no brake. */
export const guessBy = ({ place, guessed, identifier, address }: Guesser, figures: BrakeFigures): Guess => {
  const more = guessed === 'code' ? moreForCodes : 0;
  const brake = (of: Waiting['of'], value: string, max: number): Brake => {
    const waiting = { of, guessed, value };
    return { waiting, key: keyOf(place, waiting), max: max + more };
  };
  const { max_failing_logins, max_failing_logins_per_address } = figures;
  const brakes: Brake[] = [];
  if (max_failing_logins > 0) brakes.push(brake('user', identifier, max_failing_logins));
  if (max_failing_logins_per_address > 0)
    brakes.push(brake('address', networkOf(address), max_failing_logins_per_address));
  return { place, figures, brakes };
};

const keyOf = ({ tenant, track }: UserPlace, { of, guessed, value }: Waiting): string =>
  `brake/${tenant}/${track}/${guessed}/${of}/${digest(value)}`;

const waitingIndex = ({ tenant, track }: UserPlace): string => `brakes/${tenant}/${track}`;
const memberOf = ({ of, guessed, value }: Waiting): string => `${of} ${guessed} ${value}`;
const readMember = (member: string): Waiting | undefined => {
  const [, of, guessed, value = ''] = /^(user|address) (password|code) (.*)$/s.exec(member) ?? [];
  return of === undefined ? undefined : { of: of as Waiting['of'], guessed: guessed as Guessed, value };
};
