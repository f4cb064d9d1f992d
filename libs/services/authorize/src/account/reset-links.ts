import { hash } from 'node:crypto';
import type { ItemStore } from '@corsac/data';
import { trackAddresses } from '@corsac/model';
import { randomName } from '@corsac/random';
import type { UserPlace } from '../users/user-store.js';

/** What a mailed link stands for. */
export interface ResetLink {
  readonly user_id: string;
  /** A password that was changed since makes the link worthless; unix seconds. */
  readonly password_changed: number;
  /** Whose pages it looks like, and whose settings say what ends with the old password. */
  readonly up_party: string;
  /** Path of the journey that waits for it, in the browser with this binding. */
  readonly back: string;
  readonly binding: string;
}

const linkSeconds = 7200;
const form = /^[A-Za-z0-9_-]{43}$/;

/** Links by which a new password is chosen: 256 random bits, kept as a hash, good once. */
export class ResetLinks {
  constructor(
    private readonly items: ItemStore,
    private readonly base_url: string,
  ) {}

  async make(
    place: UserPlace,
    user: { readonly user_id: string; readonly password_changed: number },
    from: Pick<ResetLink, 'up_party' | 'back' | 'binding'>,
  ): Promise<{ link: string; minutes: number }> {
    const token = randomName(32);
    const { user_id, password_changed } = user;
    await this.items.put(keyOf(place, token), { user_id, password_changed, ...from } satisfies ResetLink, linkSeconds);
    const { account } = trackAddresses({ base: this.base_url, ...place });
    return { link: `${account}/reset-password/${token}`, minutes: linkSeconds / 60 };
  }

  async read(place: UserPlace, token: string): Promise<ResetLink | undefined> {
    if (!form.test(token)) return undefined;
    return (await this.items.get<ResetLink>(keyOf(place, token)))?.value;
  }

  /** Single use: of several takers one gets it. */
  async take(place: UserPlace, token: string): Promise<ResetLink | undefined> {
    const taken = await this.items.take<ResetLink>(keyOf(place, token));
    return taken.state === 'taken' ? taken.value : undefined;
  }
}

const keyOf = ({ tenant, track }: UserPlace, token: string): string =>
  `reset/${tenant}/${track}/${hash('sha256', token, 'base64url')}`;
