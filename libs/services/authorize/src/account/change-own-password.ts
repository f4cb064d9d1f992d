import { findSessions, type Bus } from '@corsac/contracts';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import type { LoginUpParty } from '@corsac/model';
import { sendPage, sendPageError } from '../edge/edge.js';
import type { FieldErrors } from '../pages/account/new-password-fields.js';
import { newPasswordPage } from '../pages/account/password-pages.js';
import { messagePage } from '../pages/message-page.js';
import { guessBy, type GuessBrakes } from '../users/brakes.js';
import { judgeNewPassword, namesOf } from '../users/new-password.js';
import type { StoredUser } from '../users/user-store.js';
import { accountForm, accountScene, openAccountPlace, readAccountForm, type AccountPlace } from './account-place.js';
import { changePassword, type PasswordPagesParts } from './reset-password.js';

/** Who is signed in in this browser as a user of the track's own. */
interface Owner {
  readonly user: StoredUser;
  readonly party: LoginUpParty;
}

export interface OwnPasswordParts extends PasswordPagesParts {
  readonly bus: Bus;
  readonly brakes: GuessBrakes;
  /** Begins a sign-in for this page; nothing where the track has no users of its own. */
  readonly signIn: (place: AccountPlace) => Promise<HttpAnswer | undefined>;
}

/** `/{tenant}/{track}/account`: whoever is signed in changes the password. */
export class ChangeOwnPassword {
  constructor(private readonly parts: OwnPasswordParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const opened = await openAccountPlace(this.parts, request);
    if (!opened.ok) return opened.error;
    const place = opened.value;
    const owner = await this.owner(place);
    if (owner === 'away') return sendPageError(request, 'temporarily_unavailable', { view: place.view });
    if (owner === 'nobody') return (await this.parts.signIn(place)) ?? this.signedOut(place);
    if (owner === 'unknown') return this.signedOut(place);
    if (request.method !== 'POST') return this.show(place, owner, {});
    return this.change(place, owner);
  }

  private async owner({ view, browser, request }: AccountPlace): Promise<Owner | 'away' | 'nobody' | 'unknown'> {
    if (browser.id === undefined) return 'nobody';
    const asked = await this.parts.bus.ask(
      findSessions,
      { tenant: view.tenant, track: view.track, by: { kind: 'browser', browser_id: browser.id } },
      request.messageContext,
    );
    if (!asked.ok) return 'away';
    const session = asked.value.sessions.find(({ up_party_type }) => up_party_type === 'login');
    if (!session) return 'nobody';
    const party = view.upParty(session.up_party);
    const user = await this.parts.users.read(view, session.user?.user_id ?? session.sub);
    return party?.type === 'login' && user && !user.disabled ? { user, party } : 'unknown';
  }

  private show(place: AccountPlace, { user, party }: Owner, errors: FieldErrors, status?: number): HttpAnswer {
    const page = newPasswordPage(accountScene(place, party), {
      place: accountForm(place, user.user_id),
      step: 'change_own_password',
      heading: 'change_password_title',
      identifier: identifierOf(user),
      ask_current: true,
      policy: place.view.settings.passwords,
      errors,
      ...(status !== undefined && { status }),
      form_targets: [],
    });
    return sendPage(page, place.browser.cookies);
  }

  private async change(place: AccountPlace, owner: Owner): Promise<HttpAnswer> {
    const { view, request } = place;
    const { user } = owner;
    const form = readAccountForm(place, user.user_id);
    if (!form.ok) return form.error;
    const current = await this.checkCurrent(place, user, form.value.text('password'));
    if (current === 'busy') return sendPageError(request, 'temporarily_unavailable', { view });
    if (current === 'braked') return this.show(place, owner, { password: 'braked_text' }, 429);
    if (current === 'wrong') return this.show(place, owner, { password: 'current_password_wrong' });
    const hash = await judgeNewPassword(this.parts.hasher, {
      password: form.value.text('new_password'),
      repeated: form.value.text('repeat_password'),
      policy: view.settings.passwords,
      identifiers: namesOf(user),
      address: this.parts.addressWords(view),
      user,
    });
    if (!hash.ok && hash.error === 'busy') return sendPageError(request, 'temporarily_unavailable', { view });
    if (!hash.ok) return this.show(place, owner, hash.error === 'busy' ? {} : hash.error);
    await changePassword(this.parts, place, { ...owner, byMail: false }, hash.value);
    const page = messagePage(accountScene(place, owner.party), {
      heading: 'password_changed_title',
      text: 'password_changed_text',
    });
    return sendPage(page, place.browser.cookies);
  }

  /** The same brake as at sign-in: a browser left open is no place to guess. */
  private async checkCurrent(
    { view, request }: AccountPlace,
    user: StoredUser,
    password: string,
  ): Promise<'right' | 'wrong' | 'braked' | 'busy'> {
    const { brakes, hasher } = this.parts;
    const guess = guessBy(
      { place: view, guessed: 'password', identifier: identifierOf(user), address: request.clientIp },
      view.settings.brakes,
    );
    if (await brakes.waits(guess)) return 'braked';
    const checked = await hasher.verify(user.password_hash ?? '', password);
    if (!checked.ok && checked.error === 'busy') return 'busy';
    if (!checked.ok || !checked.value.matches) {
      await brakes.failed(guess);
      return 'wrong';
    }
    if (!(await brakes.believes(guess))) return 'braked';
    return 'right';
  }

  private signedOut(place: AccountPlace): HttpAnswer {
    const page = messagePage(accountScene(place, undefined), { heading: 'account_title', text: 'account_signed_out' });
    return sendPage(page, place.browser.cookies);
  }
}

const identifierOf = (user: StoredUser): string => user.email ?? user.username ?? user.phone ?? user.user_id;
