import type { ConfigCache, TrackView } from '@corsac/config-cache';
import { formText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { LoginUpParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { Browser } from '../browser/browser.js';
import { sendPageError } from '../edge/edge.js';
import type { FormPlace } from '../pages/form.js';
import { makeScene, type Scene } from '../pages/scene.js';
import { PageForm } from '../sequence/page-action.js';
import { lookOf } from '../sign-in/journey-scene.js';

/** Where an account page is, and who looks at it. */
export interface AccountPlace {
  readonly view: TrackView;
  readonly browser: Browser;
  readonly request: HttpRequest;
}

/** The track of an account page, or the error page instead. */
export const openAccountPlace = async (
  parts: { readonly config: ConfigCache; readonly base_url: string },
  request: HttpRequest,
): Promise<Outcome<AccountPlace, HttpAnswer>> => {
  const { tenant = '', track = '' } = request.params;
  request.note({ tenant, track });
  const read = await parts.config.track(tenant, track);
  if (!read.ok)
    return fail(sendPageError(request, read.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable'));
  return ok({ view: read.value, browser: new Browser(tenant, parts.base_url, request.cookies), request });
};

export const accountScene = ({ view, request }: AccountPlace, party: LoginUpParty | undefined): Scene =>
  makeScene({ accept_language: request.headers['accept-language'], settings: view.settings }, lookOf(view, party));

/** The form of an account page goes where the page is; its anti-forgery value is bound to the thing that it acts on. */
export const accountForm = ({ browser, request }: AccountPlace, subject: string): FormPlace => ({
  action: request.rawPath,
  token: browser.formToken(`account ${subject}`),
});

/** What was sent, if it came from a page that this browser was shown. */
export const readAccountForm = (
  { view, browser, request }: AccountPlace,
  subject: string,
): Outcome<PageForm, HttpAnswer> => {
  const text = formText(request.content);
  if (text === undefined) return fail(sendPageError(request, 'unsupported_media_type', { view }));
  const form = new PageForm(text);
  if (!browser.isFormToken(`account ${subject}`, form.text('form_token')))
    return fail(sendPageError(request, 'forged_form', { view }));
  return ok(form);
};
