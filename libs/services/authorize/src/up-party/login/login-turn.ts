import type { PasswordHasher, Sealer } from '@corsac/data';
import type { TrackView } from '@corsac/config-cache';
import type { LoginUpParty } from '@corsac/model';
import type { FormPlace } from '../../pages/form.js';
import type { Scene } from '../../pages/scene.js';
import type { Journey } from '../../sequence/journey.js';
import type { Frame } from '../../sequence/sequence.js';
import type { NextStep } from '../../sequence/step.js';
import { formTargets, journeyPlace, journeyScene } from '../../sign-in/journey-scene.js';
import type { GuessBrakes } from '../../users/brakes.js';
import type { StoredUser, UserPlace, UserStore } from '../../users/user-store.js';

/** What the login pages are made of. */
export interface LoginParts {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly brakes: GuessBrakes;
  readonly sealer: Sealer;
}

/**
 * What a login knows so far: facts, from which follows what is still missing. Kept in the frame; what is secret in it is
 * sealed or hashed.
 */
export interface LoginProgress {
  /** As it was typed, or as the application hinted. */
  readonly identifier?: string;
  /** Somebody looks at another page than the one that is due. */
  readonly detour?: 'identifier' | 'create' | 'forgot' | 'mail_sent' | 'recovery';
  /** Whose password was right, and when: unix seconds. A password of an earlier epoch proves nothing any more. */
  readonly proven?: { readonly user_id: string; readonly auth_time: number; readonly epoch: number };
  /** The second factor that was shown. */
  readonly factor?: 'otp';
  /** Sealed seed of an authenticator app that has not been proven to work yet. */
  readonly enrolling?: string;
  /** Sealed recovery codes that were just made and must be shown once. */
  readonly new_codes?: string;
  /** A code was mailed. */
  readonly mailed?: MailedCode;
  /** An account that comes to be when its mail address is confirmed. */
  readonly pending?: PendingAccount;
}

export interface MailedCode {
  readonly email: string;
  /** Keyed, and bound to the journey. */
  readonly code_hash: string;
  readonly expires: number;
  /** None was mailed, as the address has an account; nobody but its owner shall know. */
  readonly silent?: true;
}

export interface PendingAccount {
  readonly email?: string;
  readonly phone?: string;
  readonly username?: string;
  readonly password_hash: string;
  readonly given_name?: string;
  readonly family_name?: string;
}

/** One request's look at a login: where it stands and, made when they are asked for, the things that its pages need. */
export class LoginTurn {
  constructor(
    readonly journey: Journey,
    readonly frame: Frame,
    readonly party: LoginUpParty,
  ) {}

  get view(): TrackView {
    return this.journey.view(this.frame);
  }

  get scene(): Scene {
    return journeyScene(this.journey, this.frame, this.party);
  }

  get place(): FormPlace {
    return journeyPlace(this.journey, this.frame, this.party);
  }

  get form_targets(): readonly string[] | undefined {
    return formTargets(this.journey);
  }
}

export const progressOf = ({ frame }: Pick<LoginTurn, 'frame'>): LoginProgress =>
  (frame.up as LoginProgress | undefined) ?? {
    ...(frame.login.login_hint !== undefined && { identifier: frame.login.login_hint }),
    // Who chooses an account shall see the choice, with the hint filled in.
    ...(frame.login.prompt.includes('select_account') && { detour: 'identifier' as const }),
  };

/** Writes facts; undefined ones are forgotten. */
export const learn = (
  turn: Pick<LoginTurn, 'frame'>,
  facts: { [K in keyof LoginProgress]: LoginProgress[K] | undefined },
): void => {
  const merged = { ...progressOf(turn), ...facts };
  turn.frame.up = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
};

export const userPlace = ({ journey, frame }: Pick<LoginTurn, 'journey' | 'frame'>): UserPlace => ({
  tenant: journey.sequence.tenant,
  track: frame.track,
});

/** Something that may still be missing once the password was right. */
export interface Requirement {
  isMissing(turn: LoginTurn, user: StoredUser): boolean;
  ask(turn: LoginTurn, user: StoredUser): Promise<NextStep>;
}
