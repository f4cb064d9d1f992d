import type { Provider, Type } from '@nestjs/common';
import type { ConfigCache } from '@corsac/config-cache';
import { Fingerprinter, PasswordHasher } from '@corsac/data';
import { background, type ServiceParts } from '@corsac/service';
import { AccountDownPartyKind, signInForAccount, type AccountSignInParts } from '../../account/account-down-party.js';
import type { AccountPlace } from '../../account/account-place.js';
import { ACCOUNT, AccountEndpoint, type AccountPages } from '../../account/account.endpoint.js';
import { ChangeOwnPassword } from '../../account/change-own-password.js';
import { ResetLinks } from '../../account/reset-links.js';
import { ResetPassword } from '../../account/reset-password.js';
import { DeliverMails } from '../../mail/deliver-mails.js';
import { MAILS, MailSubjects } from '../../mail/mail.subjects.js';
import { PostgresEndingStore } from '../../store/postgres-ending-store.js';
import { PostgresMailOutbox } from '../../store/postgres-mail-outbox.js';
import { PostgresUserStore } from '../../store/postgres-user-store.js';
import { Sql } from '../../store/sql.js';
import { GuessBrakes } from '../../users/brakes.js';
import { EndWhatUsersHad } from '../../users/end-what-users-had.js';
import type { UserPlace } from '../../users/user-store.js';
import { USERS, UsersSubjects } from '../../users/users.subjects.js';
import { ChangePassword, type ChangePasswordParts } from './change-password.js';
import { ConfirmEmail } from './confirm-email.js';
import { CreateAccount } from './create-account.js';
import { ForgotPassword, type ForgotPasswordParts } from './forgot-password.js';
import { LoginUpPartyKind } from './login-up-party.js';
import { SecondFactor } from './second-factor.js';

/** Milliseconds between two looks for what is to end, and for mails that wait. */
const endingsBeatMs = 5_000;
const mailsBeatMs = 5_000;

export interface LoginModuleParts extends ServiceParts {
  readonly config: ConfigCache;
  readonly base_url: string;
  readonly now: () => number;
  /** Forgets what else is kept of users of a track that is no more. */
  readonly forgetTrack: (place: UserPlace) => Promise<void>;
}

/** Words of the address where users type passwords; none of them belongs into one. */
const addressWordsOf =
  (base_url: string) =>
  ({ tenant, track }: { tenant: string; track: string }): readonly string[] => [
    new URL(base_url).hostname,
    tenant,
    track,
  ];

interface KindParts extends ChangePasswordParts, ForgotPasswordParts {
  readonly fingerprinterOf: (purpose: string) => Fingerprinter;
}

/** The kind with everything that may be missing after a password, and the pages beside the straight way. */
const kindOf = (parts: KindParts): LoginUpPartyKind => {
  const changePassword = new ChangePassword(parts);
  const create: CreateAccount = new CreateAccount({
    ...parts,
    confirm: (turn, email, silently) => confirm.begin(turn, email, silently),
  });
  const confirm: ConfirmEmail = new ConfirmEmail({
    ...parts,
    fingerprinter: parts.fingerprinterOf('mailed-code'),
    createPending: (turn) => create.createPending(turn),
  });
  const factor = new SecondFactor({ ...parts, fingerprinter: parts.fingerprinterOf('recovery-code') });
  const forgot = new ForgotPassword(parts);
  return new LoginUpPartyKind({
    ...parts,
    requirements: [changePassword.requirement, confirm.requirement, ...factor.requirements],
    detours: { create: create.show, forgot: forgot.show, mail_sent: forgot.showSent },
    steps: {
      change_password: changePassword.step,
      create: create.open,
      create_send: create.send,
      forgot: forgot.open,
      forgot_send: forgot.send,
      ...confirm.steps,
      ...factor.steps,
    },
  });
};

/** Users of tracks: how they sign in, what they do with their accounts, what is told about them. */
export const loginUpParty = (parts: LoginModuleParts) => {
  const { bus, items, logger, sealer, masterKeys, config, base_url, now } = parts;
  const sql = new Sql(parts.database);
  const users = new PostgresUserStore(sql);
  const outbox = new PostgresMailOutbox(sql, sealer);
  const endings = new EndWhatUsersHad({ store: new PostgresEndingStore(sql), bus, logger, everyMs: endingsBeatMs });
  const mails = new DeliverMails({ outbox, config, sealer, logger, now, everyMs: mailsBeatMs });
  const hasher = new PasswordHasher();
  const brakes = new GuessBrakes(items);
  const links = new ResetLinks(items, base_url);
  const addressWords = addressWordsOf(base_url);
  const endNow = (): Promise<void> => endings.endNow();

  const login = { users, hasher, brakes, sealer };
  const fingerprinterOf = (purpose: string) => new Fingerprinter(masterKeys, purpose);
  const kind = kindOf({ ...login, mails, links, addressWords, endNow, fingerprinterOf });

  // What users do outside of a sign-in.
  const password = { config, users, hasher, mails, addressWords, endNow, now, base_url };
  const reset = new ResetPassword({ ...password, links });
  const endpoints = (journeys: AccountSignInParts): { controllers: Type<unknown>[]; providers: Provider[] } => {
    const signIn = (place: AccountPlace) => signInForAccount(journeys, place);
    const account: AccountPages = { own: new ChangeOwnPassword({ ...password, bus, brakes, signIn }), reset };
    return {
      controllers: [AccountEndpoint, UsersSubjects, MailSubjects],
      providers: [{ provide: ACCOUNT, useValue: account }, ...providers],
    };
  };
  const providers: Provider[] = [
    { provide: USERS, useValue: { users, brakes, now, endNow, forgetTrack: parts.forgetTrack } },
    { provide: MAILS, useValue: { outbox, embedded: parts.settings.embedded } },
    background(endings, mails, { start: () => hasher.warmUp(), stop: () => undefined }),
  ];
  return { kind, asking: new AccountDownPartyKind(bus), actions: kind.actions, endpoints, endNow };
};
