import type { ConfigCache } from '@corsac/config-cache';
import type { PasswordHasher } from '@corsac/data';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import type { LoginUpParty } from '@corsac/model';
import { sendPage, sendPageError } from '../edge/edge.js';
import type { DeliverMails } from '../mail/deliver-mails.js';
import type { FieldErrors } from '../pages/account/new-password-fields.js';
import { newPasswordPage } from '../pages/account/password-pages.js';
import { messagePage } from '../pages/message-page.js';
import { say } from '../pages/scene.js';
import { judgeNewPassword, namesOf } from '../users/new-password.js';
import type { StoredUser, UserStore } from '../users/user-store.js';
import { accountForm, accountScene, openAccountPlace, readAccountForm, type AccountPlace } from './account-place.js';
import type { ResetLink, ResetLinks } from './reset-links.js';

export interface PasswordPagesParts {
  readonly config: ConfigCache;
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly mails: Pick<DeliverMails, 'send'>;
  readonly addressWords: (place: { tenant: string; track: string }) => readonly string[];
  readonly endNow: () => Promise<void>;
  readonly now: () => number;
  readonly base_url: string;
}

/** A link that still holds, whose user it is for, and by which up-party it was asked. */
interface Held {
  readonly link: ResetLink;
  readonly user: StoredUser;
  readonly party: LoginUpParty;
}

/** `/{tenant}/{track}/account/reset-password/{token}`: where a mailed link leads. */
export class ResetPassword {
  constructor(private readonly parts: PasswordPagesParts & { readonly links: ResetLinks }) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const place = await openAccountPlace(this.parts, request);
    if (!place.ok) return place.error;
    const token = request.params['token'] ?? '';
    const held = await this.hold(place.value, token);
    if (!held) return this.invalid(place.value);
    if (request.method !== 'POST') return this.show(place.value, token, held, {});
    return this.reset(place.value, token, held);
  }

  private async hold({ view }: AccountPlace, token: string): Promise<Held | undefined> {
    const link = await this.parts.links.read(view, token);
    const party = link && view.upParty(link.up_party);
    if (!link || party?.type !== 'login' || !party.enable_reset_password) return undefined;
    const user = await this.parts.users.read(view, link.user_id);
    if (!user || user.disabled || user.password_changed !== link.password_changed) return undefined;
    return { link, user, party };
  }

  private show(place: AccountPlace, token: string, { user, party }: Held, errors: FieldErrors): HttpAnswer {
    const page = newPasswordPage(accountScene(place, party), {
      place: accountForm(place, token),
      step: 'reset_password',
      heading: 'reset_title',
      identifier: user.email ?? user.username ?? user.phone,
      policy: place.view.settings.passwords,
      errors,
      form_targets: [],
    });
    return sendPage(page, place.browser.cookies);
  }

  private async reset(place: AccountPlace, token: string, held: Held): Promise<HttpAnswer> {
    const { view, request } = place;
    const form = readAccountForm(place, token);
    if (!form.ok) return form.error;
    const policy = view.settings.passwords;
    const hash = await judgeNewPassword(this.parts.hasher, {
      password: form.value.text('new_password'),
      repeated: form.value.text('repeat_password'),
      policy,
      identifiers: namesOf(held.user),
      address: this.parts.addressWords(view),
      user: held.user,
    });
    if (!hash.ok && hash.error === 'busy') return sendPageError(request, 'temporarily_unavailable', { view });
    if (!hash.ok) return this.show(place, token, held, hash.error === 'busy' ? {} : hash.error);
    if (!(await this.parts.links.take(view, token))) return this.invalid(place);
    await changePassword(this.parts, place, held, hash.value);
    return this.done(place, held);
  }

  private done(place: AccountPlace, { link, party }: Held): HttpAnswer {
    // The journey that waits can only go on in the browser that began it.
    const waits = place.browser.isBoundTo(link.binding);
    const page = messagePage(accountScene(place, party), {
      heading: 'password_changed_title',
      text: 'password_changed_text',
      ...(waits && { onward: { href: link.back, label: 'sign_in' as const } }),
    });
    return sendPage(page, place.browser.cookies);
  }

  private invalid(place: AccountPlace): HttpAnswer {
    return sendPage(
      messagePage(accountScene(place, undefined), {
        heading: 'reset_link_invalid_title',
        text: 'reset_link_invalid_text',
        status: 400,
      }),
    );
  }
}

/** Sets the new password, lets go what went with the old one, and tells its owner by mail. */
export const changePassword = async (
  parts: PasswordPagesParts,
  place: AccountPlace,
  { user, party, byMail = true }: { user: StoredUser; party: LoginUpParty; byMail?: boolean },
  password_hash: string,
): Promise<void> => {
  const { view } = place;
  await parts.users.changePassword(view, user.user_id, {
    password_hash,
    history: view.settings.passwords.history,
    ...(byMail && { email_verified: true }),
    end: { sessions: party.end_sessions_on_change_password, grants: party.end_grants_on_change_password },
    now: parts.now(),
  });
  await parts.endNow();
  if (user.email === undefined) return;
  const scene = accountScene(place, party);
  parts.mails.send(view, {
    recipient: user.email,
    subject: say(scene, 'mail_changed_subject'),
    text: say(scene, 'mail_changed_text'),
  });
};
