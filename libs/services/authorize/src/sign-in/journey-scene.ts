import type { TrackView } from '@corsac/config-cache';
import { loginAddress, type DownParty, type LoginUpParty, type UpParty } from '@corsac/model';
import { styleSheetOf } from '../assets/style-sheet.js';
import type { FormPlace } from '../pages/form.js';
import { makeScene, type Look, type Scene } from '../pages/scene.js';
import type { Journey } from '../sequence/journey.js';
import type { Frame } from '../sequence/sequence.js';

/** What a login up-party's pages look like; another kind of up-party has only its name. */
export const lookOf = (view: TrackView, party: UpParty | undefined): Look => {
  if (party?.type !== 'login') return {};
  const style = styleSheetOf(view, party);
  return {
    ...(party.title !== undefined && { title: party.title }),
    ...(party.icon_url !== undefined && { icon_url: party.icon_url }),
    ...(style && { style_href: style.href }),
  };
};

/** The scene of a frame's pages: the language that the application asked, the look of the up-party, and where one is going. */
export const journeyScene = (journey: Journey, frame: Frame, party: UpParty | undefined): Scene => {
  const view = journey.view(frame);
  const [bottom] = journey.sequence.frames;
  const application = bottom && applicationOf(journey, bottom);
  return makeScene(
    {
      ui_locales: frame.login.ui_locales,
      accept_language: journey.request.headers['accept-language'],
      settings: view.settings,
    },
    lookOf(view, party),
    application && (application.display_name ?? application.name),
  );
};

const applicationOf = (journey: Journey, frame: Frame): DownParty | undefined =>
  frame.down.type === 'account' ? undefined : journey.view(frame).downParty(frame.down.party);

/** Where the forms of a journey's pages go: the path only, so that the browser stays where it is. */
export const journeyPlace = (
  journey: Journey,
  frame: Frame,
  party: Pick<UpParty, 'name' | 'binding_style'>,
): FormPlace => {
  const { tenant, id } = journey.sequence;
  const login = loginAddress({
    base: '',
    tenant,
    track: frame.track,
    upParty: party.name,
    style: party.binding_style,
  });
  return { action: `${login}/${id}`, token: journey.browser.formToken(id) };
};

/**
 * Where the forms of a journey's pages may lead. Undefined, so that the policy has no `form-action`: Chromium applies it
 * to all redirects after a form, also to those of the application that gets the answer and of whoever that answers in
 * turn, which nobody here knows. Only the account page's own journey is known to stay.
 */
export const formTargets = (journey: Journey): readonly string[] | undefined =>
  journey.sequence.frames[0]?.down.type === 'account' ? [] : undefined;

/** The up-party whose look a page takes when none is chosen yet: the first that signs in the track's own users. */
export const lookParty = (view: TrackView, names: readonly string[]): LoginUpParty | undefined =>
  names.map((name) => view.upParty(name)).find((party): party is LoginUpParty => party?.type === 'login');
