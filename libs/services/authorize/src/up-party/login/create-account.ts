import { randomUUID } from 'node:crypto';
import type { LoginUpParty } from '@corsac/model';
import type { DeliverMails } from '../../mail/deliver-mails.js';
import { accountFields, createAccountPage, type AccountField } from '../../pages/account/create-account-page.js';
import type { FieldErrors } from '../../pages/account/new-password-fields.js';
import { say } from '../../pages/scene.js';
import { away, goOn, type NextStep } from '../../sequence/step.js';
import { normalizeIdentifier } from '../../users/identifiers.js';
import { judgeNewPassword } from '../../users/new-password.js';
import { faultsOf } from '../../users/account-fields.js';
import { guessOf } from './check-password.js';
import type { LoginStep } from './login-up-party.js';
import { learn, progressOf, userPlace, type LoginParts, type LoginTurn, type PendingAccount } from './login-turn.js';

export interface CreateAccountParts extends LoginParts {
  readonly mails: Pick<DeliverMails, 'send'>;
  readonly addressWords: (place: { tenant: string; track: string }) => readonly string[];
  /** Asks for the code that goes to the new account's mailbox; silently when none goes there. */
  readonly confirm: (turn: LoginTurn, email: string, silently: boolean) => NextStep;
}

type Values = Partial<Record<AccountField, string>>;

/**
 * New accounts. With a mail address to confirm, the account comes to be when that is done, and whether the address has one
 * already is told in a mail to its owner and nowhere else.
 */
export class CreateAccount {
  constructor(private readonly parts: CreateAccountParts) {}

  readonly show = async (turn: LoginTurn): Promise<NextStep> => {
    if (!turn.party.enable_create_user) return this.back(turn);
    const { pending } = progressOf(turn);
    if (pending?.email !== undefined) return this.parts.confirm(turn, pending.email, false);
    return this.ask(turn, this.prefilled(turn), {});
  };

  readonly open: LoginStep = async (turn) => {
    if (turn.party.enable_create_user) learn(turn, { detour: 'create', proven: undefined, factor: undefined });
    return goOn;
  };

  readonly send: LoginStep = async (turn, form) => {
    if (!turn.party.enable_create_user) return goOn;
    const asked = askedOf(turn.party);
    const values: Values = Object.fromEntries(asked.map((name) => [name, tidy(name, form.trimmed(name))]));
    const faults = faultsOf(asked, values);
    const hash = await judgeNewPassword(this.parts.hasher, {
      password: form.text('new_password'),
      repeated: form.text('repeat_password'),
      policy: turn.view.settings.passwords,
      identifiers: Object.values(values),
      address: this.parts.addressWords(userPlace(turn)),
    });
    if (!hash.ok && hash.error === 'busy') return away('password hashing');
    const errors = { ...faults, ...(!hash.ok && hash.error !== 'busy' && hash.error) };
    if (!hash.ok || Object.keys(errors).length > 0) return this.ask(turn, values, errors);
    return this.take(turn, values, hash.value);
  };

  /** The mail address is confirmed: now the account comes to be. */
  readonly createPending = async (turn: LoginTurn): Promise<NextStep> => {
    const { pending } = progressOf(turn);
    if (!pending) return goOn;
    const created = await this.create(turn, pending, true);
    if (created) return goOn;
    // Somebody was quicker with the same address, or with the same username.
    learn(turn, { pending: undefined, mailed: undefined });
    return this.ask(turn, pending, { [pending.username === undefined ? 'email' : 'username']: 'identifier_taken' });
  };

  private async take(turn: LoginTurn, values: Values, password_hash: string): Promise<NextStep> {
    const { email } = values;
    const account: PendingAccount = { ...values, password_hash };
    const taken = await this.taken(turn, values);
    const isConfirmed = turn.party.create_user.confirm_account && email !== undefined;
    const told = taken.filter((name) => name !== 'email' || !isConfirmed);
    if (told.length > 0) {
      const errors = Object.fromEntries(told.map((name) => [name, 'identifier_taken' as const]));
      return (await this.countTaken(turn)) ?? this.ask(turn, values, errors);
    }
    if (!isConfirmed) {
      return (await this.create(turn, account, false))
        ? goOn
        : this.ask(turn, values, { [askedOf(turn.party)[0] ?? 'email']: 'identifier_taken' });
    }
    const exists = taken.includes('email');
    if (exists) this.tellOwner(turn, email);
    learn(turn, { pending: account, mailed: undefined });
    return this.parts.confirm(turn, email, exists);
  }

  /** Whoever tries names that are taken tries out who is here; that has its brake like a wrong password. */
  private async countTaken(turn: LoginTurn): Promise<NextStep | undefined> {
    const { brakes } = this.parts;
    const guess = guessOf(turn, `new account ${turn.journey.request.clientIp}`, 'code');
    if (await brakes.waits(guess)) {
      const step = this.ask(turn, {}, { new_password: 'braked_text' });
      return step.kind === 'page' ? { ...step, page: { ...step.page, status: 429 } } : step;
    }
    await brakes.failed(guess);
    return undefined;
  }

  private async create(turn: LoginTurn, account: PendingAccount, email_verified: boolean): Promise<boolean> {
    const { password_hash, email, phone, username, given_name, family_name } = account;
    const now = turn.journey.now();
    const name = [given_name, family_name].filter(Boolean).join(' ');
    const user_id = randomUUID();
    const created = await this.parts.users.create(
      userPlace(turn),
      {
        user_id,
        ...(email !== undefined && { email }),
        ...(phone !== undefined && { phone }),
        ...(username !== undefined && { username }),
        password_hash,
        email_verified,
        require_multi_factor: turn.party.create_user.require_multi_factor,
        claims: {
          ...(given_name && { given_name }),
          ...(family_name && { family_name }),
          ...(name !== '' && { name }),
        },
      },
      now,
    );
    if (!created) return false;
    const identifier = email ?? username ?? phone;
    turn.frame.up = { ...(identifier !== undefined && { identifier }), proven: { user_id, auth_time: now, epoch: 0 } };
    return true;
  }

  private async taken(turn: LoginTurn, values: Values): Promise<AccountField[]> {
    const place = userPlace(turn);
    const names = (['email', 'phone', 'username'] as const).filter((name) => values[name] !== undefined);
    const found = await Promise.all(names.map((name) => this.parts.users.find(place, values[name] ?? '')));
    return names.filter((_, index) => found[index] !== undefined);
  }

  private tellOwner(turn: LoginTurn, email: string): void {
    this.parts.mails.send(userPlace(turn), {
      recipient: email,
      subject: say(turn.scene, 'mail_exists_subject'),
      text: say(turn.scene, 'mail_exists_text'),
    });
  }

  private prefilled(turn: LoginTurn): Values {
    const { identifier } = progressOf(turn);
    if (identifier === undefined) return {};
    const kind = identifier.includes('@') ? 'email' : identifier.startsWith('+') ? 'phone' : 'username';
    return { [kind]: identifier };
  }

  private ask(turn: LoginTurn, values: Values, errors: FieldErrors): NextStep {
    const page = createAccountPage(turn.scene, {
      place: turn.place,
      asked: askedOf(turn.party),
      values,
      errors,
      policy: turn.view.settings.passwords,
      form_targets: turn.form_targets,
    });
    return { kind: 'page', page };
  }

  private back(turn: LoginTurn): NextStep {
    learn(turn, { detour: undefined });
    return goOn;
  }
}

const tidy = (name: AccountField, typed: string): string =>
  name === 'given_name' || name === 'family_name' ? typed : normalizeIdentifier(typed);

/** The fields that an up-party asks of new accounts. */
const askedOf = (party: LoginUpParty): readonly AccountField[] => {
  const asks: Readonly<Record<AccountField, boolean>> = {
    email: party.enable_email_identifier,
    phone: party.enable_phone_identifier,
    username: party.enable_username_identifier,
    given_name: party.create_user.ask_given_name,
    family_name: party.create_user.ask_family_name,
  };
  return accountFields.filter((name) => asks[name]);
};
