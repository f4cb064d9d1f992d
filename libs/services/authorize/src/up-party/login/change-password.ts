import { newPasswordPage } from '../../pages/account/password-pages.js';
import type { FieldErrors } from '../../pages/account/new-password-fields.js';
import { away, goOn, type NextStep } from '../../sequence/step.js';
import { judgeNewPassword, namesOf } from '../../users/new-password.js';
import type { StoredUser } from '../../users/user-store.js';
import type { LoginStep } from './login-up-party.js';
import { learn, progressOf, userPlace, type LoginParts, type LoginTurn, type Requirement } from './login-turn.js';

export interface ChangePasswordParts extends LoginParts {
  /** Words of this installation's address. */
  readonly addressWords: (place: { tenant: string; track: string }) => readonly string[];
  /** Ends, by the services that own them, sessions and grants that went with the old password. */
  readonly endNow: () => Promise<void>;
}

/** A new password at sign-in, when the user's flag or the policy's greatest age wants one. */
export class ChangePassword {
  constructor(private readonly parts: ChangePasswordParts) {}

  readonly requirement: Requirement = {
    isMissing: (turn, user) => mustChange(turn, user),
    ask: async (turn, user) => this.ask(turn, user, {}),
  };

  readonly step: LoginStep = async (turn, form) => {
    const { users, hasher } = this.parts;
    const { proven } = progressOf(turn);
    const place = userPlace(turn);
    const user = proven && (await users.read(place, proven.user_id));
    if (!user || user.disabled || !mustChange(turn, user)) return goOn;
    const policy = turn.view.settings.passwords;
    const hash = await judgeNewPassword(hasher, {
      password: form.text('new_password'),
      repeated: form.text('repeat_password'),
      policy,
      identifiers: namesOf(user),
      address: this.parts.addressWords(place),
      user,
    });
    if (!hash.ok) return hash.error === 'busy' ? away('password hashing') : this.ask(turn, user, hash.error);
    const epoch = await users.changePassword(place, user.user_id, {
      password_hash: hash.value,
      history: policy.history,
      end: {
        sessions: turn.party.end_sessions_on_change_password,
        grants: turn.party.end_grants_on_change_password,
      },
      now: turn.journey.now(),
    });
    // Who has just shown the old password and chosen this one goes on with it.
    if (proven) learn(turn, { proven: { ...proven, epoch } });
    // Before this sign-in makes a session of its own: what ends now is what was there before.
    await this.parts.endNow();
    return goOn;
  };

  private ask(turn: LoginTurn, user: StoredUser, errors: FieldErrors): NextStep {
    const page = newPasswordPage(turn.scene, {
      place: turn.place,
      step: 'change_password',
      heading: 'change_password_title',
      text: 'change_password_text',
      identifier: user.email ?? user.username ?? user.phone,
      policy: turn.view.settings.passwords,
      errors,
      form_targets: turn.form_targets,
    });
    return { kind: 'page', page };
  }
}

const mustChange = ({ view, journey }: LoginTurn, user: StoredUser): boolean => {
  const { max_age } = view.settings.passwords;
  return user.change_password || (max_age > 0 && user.password_changed + max_age < journey.now());
};
