import type { UserPlace } from '../users/user-store.js';

/** A mail to one person, plain text. */
export interface Mail {
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
}

export type MailState = 'waiting' | 'sent' | 'kept' | 'failed';

/** A mail as it was written down. `kept`: nobody sends it, it is there to be read in Control's outbox. */
export interface WrittenMail extends Mail, UserPlace {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly state: MailState;
  readonly attempts: number;
  /** Why it was not sent. */
  readonly reason?: string;
}

/** Mails that were promised. Texts are sealed in the store, as they hold links and codes. */
export interface MailOutbox {
  write(place: UserPlace, mail: Mail, now: number): Promise<void>;
  /** Waiting ones that are due; they belong to the claimer for `lease_s` seconds. */
  claim(limit: number, lease_s: number): Promise<WrittenMail[]>;
  settle(id: string, state: MailState, reason?: string): Promise<void>;
  /** Newest first. */
  list(place: UserPlace | undefined, limit: number): Promise<WrittenMail[]>;
  /** Forgets mails older than a moment (unix seconds). */
  prune(before: number): Promise<void>;
}
