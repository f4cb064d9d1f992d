import type { SeenUser } from '@corsac/contracts';
import type { Claims, ImportedUser } from '@corsac/model';

/** Where users live: one store per track, shared by its login up-parties. */
export interface UserPlace {
  readonly tenant: string;
  readonly track: string;
}

export type IdentifierKind = 'email' | 'phone' | 'username';

/** A user as kept. Hashes are for checking only and go nowhere else. */
export interface StoredUser {
  readonly user_id: string;
  readonly email?: string;
  readonly phone?: string;
  readonly username?: string;
  readonly password_hash?: string;
  /** Unix seconds. */
  readonly password_changed: number;
  /** Hashes of earlier passwords, newest first. */
  readonly password_history: readonly string[];
  readonly email_verified: boolean;
  readonly phone_verified: boolean;
  readonly confirm_account: boolean;
  readonly change_password: boolean;
  readonly require_multi_factor: boolean;
  readonly disabled: boolean;
  /** Raised by whatever ends sessions and grants of the user: those of an earlier epoch are over. */
  readonly epoch: number;
  readonly roles: readonly string[];
  readonly claims: Claims;
  /** Sealed seed of the authenticator app, once it was proven to work. */
  readonly totp_seed?: string;
  /** Hashes of recovery codes that were not used yet. */
  readonly recovery_codes: readonly string[];
}

/** A user found by what somebody typed, and what kind of identifier that was. */
export interface FoundUser {
  readonly user: StoredUser;
  readonly kind: IdentifierKind;
}

export interface NewUser {
  readonly user_id: string;
  readonly email?: string;
  readonly phone?: string;
  readonly username?: string;
  readonly password_hash: string;
  readonly email_verified: boolean;
  readonly require_multi_factor: boolean;
  readonly claims: Claims;
}

/** Why something of a user ends elsewhere as well. */
export type EndingCause = 'password_changed' | 'disabled';

export interface PasswordChange {
  readonly password_hash: string;
  /** How many earlier hashes are kept. */
  readonly history: number;
  /** Set when the mailed link was followed: who reads that mailbox is proven. */
  readonly email_verified?: true;
  readonly end: { readonly sessions: boolean; readonly grants: boolean };
}

export interface Imported {
  readonly created: number;
  readonly updated: number;
  /** Places of users of whom only some fields were to change, and who are not there. */
  readonly unknown?: number[];
}

/** Users and their credentials. Every verb is one step; it rejects with `StoreUnavailable` when the database is away. */
export interface UserStore {
  find(place: UserPlace, identifier: string): Promise<FoundUser | undefined>;
  read(place: UserPlace, user_id: string): Promise<StoredUser | undefined>;
  /** False when an identifier is somebody's already. */
  create(place: UserPlace, user: NewUser, now: number): Promise<boolean>;
  /**
   * Creates or updates. Nothing is written when an identifier is somebody else's (`taken` names it), or when a user is otherwise
   * than `seen` and not yet as asked; `null`: not there.
   */
  import(
    place: UserPlace,
    users: readonly ImportedUser[],
    now: number,
    seen?: readonly (SeenUser | null)[],
  ): Promise<Imported | { readonly taken: string } | 'changed_meanwhile'>;
  /** Replaces a hash by one of today's cost, unless the password was changed meanwhile. */
  rehash(place: UserPlace, user_id: string, hashes: { old: string; next: string }): Promise<void>;
  /** Sets a new password and notes, in the same step, what has to end with the old one. Gives the epoch that begins. */
  changePassword(place: UserPlace, user_id: string, change: PasswordChange & { now: number }): Promise<number>;
  /** Marks the address as its user's, unless the user has another one meanwhile. */
  confirmEmail(place: UserPlace, user_id: string, email: string, now: number): Promise<void>;
  /** Puts a proven authenticator app in place, with new recovery codes; false when there is one already. */
  enrol(place: UserPlace, user_id: string, factor: EnrolledFactor & { now: number }): Promise<boolean>;
  /** Compare-and-set: a time step is used once, and none before it (RFC 6238 5.2). False: used already. */
  useTotpStep(place: UserPlace, user_id: string, step: number): Promise<boolean>;
  /** Removes a recovery code; false when it is not there, or was used a moment ago. */
  useRecoveryCode(place: UserPlace, user_id: string, hash: string): Promise<boolean>;
  /** In the order of ids. */
  list(place: UserPlace, page: UserPage): Promise<ListedUser[]>;
  /** Removes a user and notes that sessions and grants end; false when there is none. */
  remove(place: UserPlace, user_id: string): Promise<boolean>;
  /** Forgets app and recovery codes; false when there is no such user. */
  resetFactor(place: UserPlace, user_id: string, now: number): Promise<boolean>;
  /** Forgets all users of a track that is no more. */
  removeTrack(place: UserPlace): Promise<void>;
}

export interface UserPage {
  readonly user_id?: string | undefined;
  /** Part of an identifier or of the name. */
  readonly filter?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface ListedUser extends StoredUser {
  readonly created: number;
  readonly updated: number;
}

export interface EnrolledFactor {
  readonly totp_seed: string;
  readonly totp_step: number;
  readonly recovery_codes: readonly string[];
}
