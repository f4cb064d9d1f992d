import type { DownParty, TrackSettings, UpParty } from '@corsac/model';

/** One version of a track as a service sees it: immutable, shared by all requests until a change replaces it. */
export class TrackView {
  private readonly ups: ReadonlyMap<string, UpParty>;
  private readonly downs: ReadonlyMap<string, DownParty>;
  private readonly memos = new Map<symbol | string, unknown>();

  constructor(
    readonly tenant: string,
    readonly track: string,
    readonly version: number,
    readonly settings: TrackSettings,
    readonly upParties: readonly UpParty[],
    readonly downParties: readonly DownParty[],
  ) {
    this.ups = new Map(upParties.map((party) => [party.name, party]));
    this.downs = new Map(downParties.map((party) => [party.name, party]));
  }

  /** Names compare exactly: upper case is not found. */
  upParty(name: string): UpParty | undefined {
    return this.ups.get(name);
  }

  downParty(name: string): DownParty | undefined {
    return this.downs.get(name);
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
