import { forgotPasswordPage, mailSentPage } from '../../pages/account/password-pages.js';
import { say } from '../../pages/scene.js';
import type { TextKey } from '../../pages/texts/texts.js';
import { goOn, type NextStep } from '../../sequence/step.js';
import type { DeliverMails } from '../../mail/deliver-mails.js';
import { identifierKinds, longestIdentifier, normalizeIdentifier, takesKind } from '../../users/identifiers.js';
import type { ResetLinks } from '../../account/reset-links.js';
import { guessOf } from './check-password.js';
import type { LoginStep } from './login-up-party.js';
import { learn, progressOf, userPlace, type LoginParts, type LoginTurn } from './login-turn.js';

export interface ForgotPasswordParts extends LoginParts {
  readonly mails: Pick<DeliverMails, 'send'>;
  readonly links: ResetLinks;
}

/** A forgotten password: a link is mailed, and the page says the same whether it was or not. */
export class ForgotPassword {
  constructor(private readonly parts: ForgotPasswordParts) {}

  readonly show = async (turn: LoginTurn): Promise<NextStep> => this.ask(turn);

  readonly showSent = async (turn: LoginTurn): Promise<NextStep> => {
    const page = mailSentPage(turn.scene, { place: turn.place, identifier: progressOf(turn).identifier ?? '' });
    return { kind: 'page', page };
  };

  readonly open: LoginStep = async (turn) => {
    if (turn.party.enable_reset_password) learn(turn, { detour: 'forgot', proven: undefined, factor: undefined });
    return goOn;
  };

  readonly send: LoginStep = async (turn, form) => {
    if (!turn.party.enable_reset_password) return goOn;
    const typed = form.trimmed('username');
    learn(turn, { identifier: typed.slice(0, longestIdentifier) });
    if (typed === '' || typed.length > longestIdentifier) return this.ask(turn, 'identifier_missing');
    const { brakes, users } = this.parts;
    const identifier = normalizeIdentifier(typed);
    const guess = guessOf(turn, `reset ${identifier}`, 'code');
    // Every mail counts, so that nobody's mailbox is filled by somebody else.
    if (await brakes.waits(guess)) return this.ask(turn, 'braked_text', 429);
    await brakes.failed(guess);
    const found = await users.find(userPlace(turn), identifier);
    // Not waited for: how long the answer takes must not tell whether there is such a user.
    if (found && takesKind(turn.party, found.kind) && !found.user.disabled)
      void this.mail(turn, found.user).catch((error: unknown) =>
        turn.journey.request.logger.warn({ err: error }, 'a link for a new password could not be made'),
      );
    learn(turn, { detour: 'mail_sent' });
    return goOn;
  };

  private async mail(
    turn: LoginTurn,
    user: { user_id: string; email?: string; password_changed: number },
  ): Promise<void> {
    if (user.email === undefined) return;
    const { link, minutes } = await this.parts.links.make(userPlace(turn), user, {
      up_party: turn.party.name,
      back: turn.place.action,
      binding: turn.journey.sequence.binding,
    });
    this.parts.mails.send(userPlace(turn), {
      recipient: user.email,
      subject: say(turn.scene, 'mail_reset_subject'),
      text: say(turn.scene, 'mail_reset_text', { link, minutes }),
    });
  }

  private ask(turn: LoginTurn, error?: TextKey, status?: number): NextStep {
    const page = forgotPasswordPage(turn.scene, {
      place: turn.place,
      kinds: identifierKinds(turn.party),
      identifier: progressOf(turn).identifier,
      error,
      ...(status !== undefined && { status }),
    });
    return { kind: 'page', page };
  }
}
