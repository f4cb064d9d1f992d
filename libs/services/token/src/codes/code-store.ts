import { hash } from 'node:crypto';
import type { ItemStore, Taken } from '@corsac/data';
import { grantIdOf, type CodeBinding } from '@corsac/oauth';
import type { TrackName } from '../keys/key-store.js';
import type { SignInGrant } from '../refresh-grants/grant-store.js';

/** What stands under a code until it is redeemed. */
export interface KeptCode extends CodeBinding {
  readonly grant: SignInGrant;
}

/** The grant that a code opens follows from the code, so that a second use knows at once what the first has produced. */
export const grantIdOfCode = (code: string): string => grantIdOf(hash('sha256', `grant ${code}`, 'buffer'));

/** The store sees only the code's hash: who reads it gets no code. */
const keyOf = ({ tenant, track }: TrackName, code: string): string =>
  `code/${tenant}/${track}/${hash('sha256', code, 'base64url')}`;

/** Authorization codes. Single use is one step of the store: who takes a code leaves a mark in its place. */
export class CodeStore {
  constructor(private readonly items: Pick<ItemStore, 'relaxed' | 'take' | 'epoch'>) {}

  /** A crash may forget a code that was just made, and then it opens nothing; that one was taken is never forgotten. @throws StoreUnavailable */
  keep(name: TrackName, code: string, kept: { readonly value: KeptCode; readonly lifetime_s: number }): Promise<void> {
    return this.items.relaxed.put(keyOf(name, code), kept.value, kept.lifetime_s);
  }

  /** Takes the code; the mark that stays names its grant for `mark_s` seconds. @throws StoreUnavailable */
  take(name: TrackName, code: string, mark_s: number): Promise<Taken<KeptCode>> {
    return this.items.take<KeptCode>(keyOf(name, code), { spent: grantIdOfCode(code), spentTtl: mark_s });
  }

  /** Name of the store's unbroken memory. RFC 6749 4.1.2 wants codes used once; a store that forgot cannot promise it. */
  epoch(): Promise<string> {
    return this.items.epoch();
  }
}
