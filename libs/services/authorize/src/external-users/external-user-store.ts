import type { SeenExternalUser } from '@corsac/contracts';
import type { Claims, ExternalLink, ImportedExternalUser } from '@corsac/model';
import type { Imported, UserPlace } from '../users/user-store.js';

/** Where records of one up-party's users are. */
export interface ExternalPlace extends UserPlace {
  readonly up_party: string;
}

/** What a sign-in stands on. */
export interface ExternalRecord {
  readonly user_id: string;
  readonly disabled: boolean;
  readonly claims: Claims;
  readonly epoch: number;
}

/** How a sign-in came to its record. */
export interface FoundRecord {
  readonly how: 'found' | 'redeemed' | 'created';
  readonly record: ExternalRecord;
}

/** A sign-in that looks for its record. Seconds. */
export interface SignInOfRecord extends ExternalLink {
  readonly now: number;
  /** From this sign-in on; 0: for ever. */
  readonly lifetime: number;
}

export interface ListedExternalUser extends Omit<ExternalRecord, 'epoch'> {
  readonly up_party: string;
  readonly link_claim_value?: string;
  readonly redemption_claim_value?: string;
  readonly last_sign_in: number;
  readonly expires: number;
  readonly created: number;
  readonly updated: number;
}

export interface ExternalUserPage {
  readonly user_id?: string | undefined;
  readonly up_party?: string | undefined;
  readonly filter?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Records of external users. Every verb is one step; it rejects with `StoreUnavailable` when the database is away. */
export interface ExternalUserStore {
  /**
   * The record that the link value names, or else the one that the redemption value redeems, which is linked from then on:
   * of sign-ins side by side one redeems it. Its time begins anew.
   */
  signIn(place: ExternalPlace, sign_in: SignInOfRecord): Promise<FoundRecord | undefined>;
  /** A record for a user who has none; the one that somebody else made meanwhile, when there is one. */
  create(place: ExternalPlace, sign_in: SignInOfRecord & { readonly claims: Claims }): Promise<FoundRecord>;
  /**
   * Creates or updates. Nothing is written when a value is another record's (`taken`), or when a record is otherwise than `seen`
   * and not yet as asked; `null`: not there.
   */
  import(
    place: UserPlace,
    users: readonly ImportedExternalUser[],
    now: number,
    seen?: readonly (SeenExternalUser | null)[],
  ): Promise<Imported | { readonly taken: true } | 'changed_meanwhile'>;
  list(place: UserPlace, page: ExternalUserPage): Promise<ListedExternalUser[]>;
  /** Removes a record and notes that sessions and grants end; false when there is none. */
  remove(place: UserPlace, user_id: string): Promise<boolean>;
  /** Takes the link off, and notes that sessions and grants end. */
  unlink(place: UserPlace, user_id: string, now: number): Promise<'unlinked' | 'unknown_user' | 'not_redeemable'>;
  /** Forgets all records of a track that is no more. */
  removeTrack(place: UserPlace): Promise<void>;
}
