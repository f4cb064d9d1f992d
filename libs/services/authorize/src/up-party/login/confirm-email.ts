import { randomInt } from 'node:crypto';
import type { Fingerprinter } from '@corsac/data';
import type { DeliverMails } from '../../mail/deliver-mails.js';
import { confirmEmailPage } from '../../pages/account/create-account-page.js';
import { say } from '../../pages/scene.js';
import type { TextKey } from '../../pages/texts/texts.js';
import { goOn, type NextStep } from '../../sequence/step.js';
import type { Guess } from '../../users/brakes.js';
import { guessOf } from './check-password.js';
import type { LoginStep } from './login-up-party.js';
import { learn, progressOf, userPlace, type LoginParts, type LoginTurn, type Requirement } from './login-turn.js';

export interface ConfirmEmailParts extends LoginParts {
  readonly mails: Pick<DeliverMails, 'send'>;
  /** Of purpose `mailed-code`. */
  readonly fingerprinter: Fingerprinter;
  /** What a confirmed address brings about when an account waits for it. */
  readonly createPending: (turn: LoginTurn) => Promise<NextStep>;
}

/** Reference 3.5: eight characters, two hours. */
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const codeLength = 8;
const codeSeconds = 7200;

interface Asked {
  readonly error?: TextKey | undefined;
  readonly braked?: boolean;
  readonly sent_again?: boolean;
}

/** Proof that somebody reads the mailbox: a code that was sent there. */
export class ConfirmEmail {
  constructor(private readonly parts: ConfirmEmailParts) {}

  readonly requirement: Requirement = {
    isMissing: (_turn, user) => user.confirm_account && user.email !== undefined && !user.email_verified,
    ask: async (turn, user) => this.begin(turn, user.email ?? ''),
  };

  get steps(): Readonly<Record<string, LoginStep>> {
    return {
      confirm: (turn, form) => this.confirm(turn, form.text('code')),
      confirm_again: (turn) => this.again(turn),
    };
  }

  /** Shows the page; the first time a code goes out. `silently` writes no mail, yet nobody can tell. */
  begin(turn: LoginTurn, email: string, silently = false): NextStep {
    const { mailed } = progressOf(turn);
    if (mailed?.email !== email || mailed.expires <= turn.journey.now()) this.send(turn, email, silently);
    return this.ask(turn, email);
  }

  private ask(turn: LoginTurn, email: string, { error, braked = false, sent_again = false }: Asked = {}): NextStep {
    const { scene, place, form_targets } = turn;
    const page = confirmEmailPage(scene, {
      place,
      email,
      error: braked ? 'braked_text' : error,
      sent_again,
      form_targets,
      ...(braked && { status: 429 }),
    });
    return { kind: 'page', page };
  }

  private send(turn: LoginTurn, email: string, silently: boolean): void {
    const code = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
    const expires = turn.journey.now() + codeSeconds;
    learn(turn, { mailed: { email, code_hash: this.hashOf(turn, code), expires, ...(silently && { silent: true }) } });
    if (silently) return;
    this.parts.mails.send(userPlace(turn), {
      recipient: email,
      subject: say(turn.scene, 'mail_confirm_subject', { code }),
      text: say(turn.scene, 'mail_confirm_text', { code }),
    });
  }

  private async confirm(turn: LoginTurn, typed: string): Promise<NextStep> {
    const { brakes, users, fingerprinter } = this.parts;
    const { mailed, proven, pending } = progressOf(turn);
    if (!mailed || (!proven && !pending)) return goOn;
    const guess = this.guess(turn, mailed.email);
    if (await brakes.waits(guess)) return this.ask(turn, mailed.email, { braked: true });
    const isRight =
      mailed.expires > turn.journey.now() && fingerprinter.matches(this.bound(turn, typed), mailed.code_hash);
    if (!isRight) {
      await brakes.failed(guess);
      return this.ask(turn, mailed.email, { error: 'code_wrong' });
    }
    if (!(await brakes.believes(guess))) return this.ask(turn, mailed.email, { braked: true });
    learn(turn, { mailed: undefined });
    if (pending) return this.parts.createPending(turn);
    if (proven) await users.confirmEmail(userPlace(turn), proven.user_id, mailed.email, turn.journey.now());
    return goOn;
  }

  /** Another code; each counts like a wrong one, so that nobody's mailbox is filled by it. */
  private async again(turn: LoginTurn): Promise<NextStep> {
    const { mailed } = progressOf(turn);
    if (!mailed) return goOn;
    const guess = this.guess(turn, mailed.email);
    if (await this.parts.brakes.waits(guess)) return this.ask(turn, mailed.email, { braked: true });
    await this.parts.brakes.failed(guess);
    this.send(turn, mailed.email, mailed.silent === true);
    return this.ask(turn, mailed.email, { sent_again: true });
  }

  private guess(turn: LoginTurn, email: string): Guess {
    return guessOf(turn, `mail ${email}`, 'code');
  }

  private hashOf(turn: LoginTurn, code: string): string {
    return this.parts.fingerprinter.of(this.bound(turn, code));
  }

  /** A code is worth something in its own journey only. */
  private bound(turn: LoginTurn, typed: string): string {
    return `${turn.journey.sequence.id} ${typed.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
  }
}
