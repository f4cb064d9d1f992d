import type { ItemStore } from '@corsac/data';
import type { Sequence } from './sequence.js';

/** A form that is sent twice comes twice within this time; who sent it to a process that died may send it again then. Seconds. */
const claimedSeconds = 5;
/** Kept this long beyond its time, so that its end can be told from a made-up address; seconds. */
const graceSeconds = 900;

const keyOf = (tenant: string, id: string): string => `sequence/${tenant}/${id}`;

/** Each write of a sequence is another state of it. */
const claimOf = ({ tenant, id, revision }: Sequence): string => `${keyOf(tenant, id)}/${revision}`;

export type FoundSequence =
  | { readonly state: 'open'; readonly sequence: Sequence; readonly version: string }
  | { readonly state: 'expired' | 'unknown' };

/** Journeys under way. All state is here, the browser holds only names. What is changed is kept when it is `settled`. */
export class SequenceStore {
  private readonly items: ItemStore;

  constructor(
    items: ItemStore,
    private readonly now: () => number,
  ) {
    this.items = items.relaxed;
  }

  async put(sequence: Sequence): Promise<void> {
    await this.items.put(keyOf(sequence.tenant, sequence.id), sequence, this.ttlOf(sequence));
  }

  async find(tenant: string, id: string): Promise<FoundSequence> {
    const item = await this.items.get<Sequence>(keyOf(tenant, id));
    if (!item) return { state: 'unknown' };
    if (item.value.expires <= this.now()) return { state: 'expired' };
    return { state: 'open', sequence: item.value, version: item.version };
  }

  /** Compare-and-set: of two tabs that do the same step, one wins. */
  async replace(sequence: Sequence, version: string): Promise<boolean> {
    sequence.revision += 1;
    return this.items.replace(keyOf(sequence.tenant, sequence.id), sequence, { version, ttl: this.ttlOf(sequence) });
  }

  /** Of requests that would go on from the same state of a sequence at once, one gets the claim. */
  async claim(sequence: Sequence): Promise<string | undefined> {
    const claim = claimOf(sequence);
    return (await this.items.putIfAbsent(claim, {}, claimedSeconds)) ? claim : undefined;
  }

  /** Gives a claim back: whoever had it could not go on. */
  async release(claim: string): Promise<void> {
    await this.items.remove(claim);
  }

  /** Ends it; false when somebody else already did. */
  async end(sequence: Sequence): Promise<boolean> {
    return this.items.remove(keyOf(sequence.tenant, sequence.id));
  }

  /** Resolves when nothing that was changed on the way here can be forgotten any more. */
  settled(): Promise<void> {
    return this.items.settled();
  }

  private ttlOf(sequence: Sequence): number {
    return Math.max(1, sequence.expires - this.now()) + graceSeconds;
  }
}
