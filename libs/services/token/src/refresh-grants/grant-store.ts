import type { AuthorizationGrant } from '@corsac/contracts';
import type { EndedThing } from '../ended/ended-memory.js';
import type { TrackName } from '../keys/key-store.js';

/** What a sign-in granted: kept with the code and with the refresh grant, and what all tokens of both are made of. */
export interface SignInGrant extends AuthorizationGrant {
  /** 128 random bits; every token of the grant begins its `jti` with it. */
  readonly grant_id: string;
}

/** A refresh grant: one family of refresh tokens. The tokens themselves are derived and stand nowhere. Times are unix seconds. */
export interface RefreshGrant extends TrackName {
  readonly grant_id: string;
  readonly client_id: string;
  readonly sub: string;
  readonly sid: string;
  /** Place of the token that is current. */
  readonly generation: number;
  readonly created: number;
  readonly rotated_at: number;
  readonly expires: number;
  readonly dpop_jkt?: string;
  readonly granted: SignInGrant;
  readonly ended: boolean;
}

export interface NewRefreshGrant extends Omit<RefreshGrant, 'generation' | 'rotated_at' | 'ended'> {
  /** When the longest token made so far ends. */
  readonly tokens_until: number;
  /** When it is over at the latest; unset when it slides for ever. */
  readonly absolute_end?: number;
}

/** A use of the current refresh token, with everything that must hold for it. */
export interface Rotation extends TrackName {
  readonly grant_id: string;
  readonly client_id: string;
  readonly generation: number;
  readonly dpop_jkt?: string;
  readonly now: number;
  readonly sliding_end: number;
  /** Seconds after the beginning of the grant; unset when it slides for ever. */
  readonly absolute_lifetime?: number;
  readonly tokens_until: number;
}

/** Which grants of a track are meant; what is unsaid does not narrow. */
export interface GrantFilter {
  readonly sub?: string;
  /** Of a record of the track, whatever `sub` became of it; with `before_epoch` only those of an earlier epoch. */
  readonly user?: { readonly user_id: string; readonly before_epoch?: number };
  readonly client_id?: string;
  readonly grant_id?: string;
  readonly sid?: string;
}

/** What became of a grant that was ended, for the memory of every replica. */
export type EndedGrant = EndedThing & { readonly kind: 'grant' };

/**
 * Refresh grants. Each promise is one statement: whatever runs beside it, one rotation wins, and a grant that was ended once can
 * neither be begun nor rotated. All methods reject with `StoreUnavailable` when the store is away.
 */
export interface GrantStore {
  /** @returns false when the grant has been ended before it began: its code was used twice */
  begin(grant: NewRefreshGrant): Promise<boolean>;
  /** Moves to the next generation, where all of the rotation holds. @returns nothing where something does not hold */
  rotate(rotation: Rotation): Promise<RefreshGrant | undefined>;
  find(name: TrackName, grant_id: string): Promise<RefreshGrant | undefined>;
  /** Ends a grant, also one that has not begun. `tokens_until`: when the last token that it may have left ends. */
  end(name: TrackName, grant_id: string, tokens_until: number): Promise<EndedGrant>;
  /** Ends the grants of a track that fit; those that had ended are not named again. */
  endAll(name: TrackName, filter: GrantFilter): Promise<EndedGrant[]>;
  /** Ends the grants of many sessions at once. */
  endSessions(sessions: readonly (TrackName & { readonly sid: string })[]): Promise<EndedGrant[]>;
  /** Living grants, ordered by id; `after` is the last id of the page before. */
  list(name: TrackName, filter: GrantFilter & { limit: number; after?: string; now: number }): Promise<RefreshGrant[]>;
  /** Takes away everything of a removed track. */
  removeTrack(name: TrackName): Promise<void>;
  /** Lets go of grants that are over and of whose tokens none can live. @returns how many */
  sweep(now: number): Promise<number>;
}
