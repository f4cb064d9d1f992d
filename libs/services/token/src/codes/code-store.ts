import { hash } from 'node:crypto';
import type { ItemStore, Taken } from '@corsac/data';
import { grantIdCharacters, type CodeBinding } from '@corsac/oauth';
import type { TrackName } from '../keys/key-store.js';
import type { SignInGrant } from '../refresh-grants/grant-store.js';

/** What stands under a code until it is redeemed. */
export interface KeptCode extends CodeBinding {
  readonly grant: SignInGrant;
}

/** The store sees only the code's hash: who reads it gets no code. */
export const hashOfCode = (code: string): string => hash('sha256', code, 'base64url');

/** The grant that a code opens follows from the code, so that a second use knows at once what the first has produced. */
export const grantIdOfCode = (codeHash: string): string => codeHash.slice(0, grantIdCharacters);

const keyOf = ({ tenant, track }: TrackName, codeHash: string): string => `code/${tenant}/${track}/${codeHash}`;

/** Authorization codes. Single use is one step of the store: who takes a code leaves a mark in its place. */
export class CodeStore {
  constructor(private readonly items: Pick<ItemStore, 'relaxed' | 'settled' | 'epoch'>) {}

  /** Whoever sends the code on waits until it is kept (`ItemStore.relaxed`). @throws StoreUnavailable */
  keep(
    name: TrackName,
    codeHash: string,
    kept: { readonly value: KeptCode; readonly lifetime_s: number },
  ): Promise<void> {
    return this.items.relaxed.put(keyOf(name, codeHash), kept.value, kept.lifetime_s);
  }

  /**
   * Takes the code; the mark that stays names its grant for `mark_s` seconds.
   * @returns what stood there, at once, so that the work goes on; nobody may hear of it before `kept`, when no crash can forget it any more
   * @throws StoreUnavailable
   */
  async take(
    name: TrackName,
    codeHash: string,
    mark_s: number,
  ): Promise<{ taken: Taken<KeptCode>; kept: Promise<void> }> {
    const mark = { spent: grantIdOfCode(codeHash), spentTtl: mark_s };
    const taken = await this.items.relaxed.take<KeptCode>(keyOf(name, codeHash), mark);
    return { taken, kept: this.items.settled() };
  }

  /** Name of the store's unbroken memory. RFC 6749 4.1.2 wants codes used once; a store that forgot cannot promise it. */
  epoch(): Promise<string> {
    return this.items.epoch();
  }
}
