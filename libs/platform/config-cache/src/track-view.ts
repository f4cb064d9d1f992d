import type { DownParty, TrackSettings, UpParty } from '@corsac/model';

/** Fewer are found by looking at each: an index of them would be larger than its parties' names. */
const indexedFrom = 12;

type Find<Party> = (name: string) => Party | undefined;

const finder = <Party extends { readonly name: string }>(parties: readonly Party[]): Find<Party> => {
  if (parties.length < indexedFrom) return (name) => parties.find((party) => party.name === name);
  const index = new Map(parties.map((party) => [party.name, party]));
  return (name) => index.get(name);
};

/** One version of a track as a service sees it: immutable, shared by all requests until a change replaces it. */
export class TrackView {
  private readonly ups: Find<UpParty>;
  private readonly downs: Find<DownParty>;
  private readonly memos = new Map<symbol | string, unknown>();

  constructor(
    readonly tenant: string,
    readonly track: string,
    readonly version: number,
    readonly settings: TrackSettings,
    readonly upParties: readonly UpParty[],
    readonly downParties: readonly DownParty[],
  ) {
    this.ups = finder(upParties);
    this.downs = finder(downParties);
  }

  /** Names compare exactly: upper case is not found. */
  upParty(name: string): UpParty | undefined {
    return this.ups(name);
  }

  downParty(name: string): DownParty | undefined {
    return this.downs(name);
  }

  /**
   * A value derived from this version, made once and dropped with it: metadata bytes, parsed keys, rules.
   * Keys must come from a bounded set (party names, not request input).
   */
  memo<T>(key: symbol | string, make: (view: TrackView) => T): T {
    if (!this.memos.has(key)) this.memos.set(key, make(this));
    return this.memos.get(key) as T;
  }
}
