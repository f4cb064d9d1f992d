import type { TrackView } from '@corsac/config-cache';
import { decideHomeRealm, type HomeRealmDecision, type LoginUpParty, type UpParty } from '@corsac/model';
import { homeRealmPage } from '../pages/sign-in/home-realm-page.js';
import type { TextKey } from '../pages/texts/texts.js';
import type { PageAction, PageActions } from '../sequence/page-action.js';
import type { Journey } from '../sequence/journey.js';
import type { Frame } from '../sequence/sequence.js';
import { goOn, type NextStep } from '../sequence/step.js';
import { journeyPlace, journeyScene, lookParty } from '../sign-in/journey-scene.js';
import { identifierKinds, longestIdentifier } from '../users/identifiers.js';
import type { HomeRealmMemory } from './remember-choice.js';

/** The up-parties of a frame that are still there, in its order. */
const candidatesOf = (view: TrackView, { login }: Frame): readonly UpParty[] =>
  login.up_parties.map((name) => view.upParty(name)).filter((party) => party !== undefined);

const decide = (journey: Journey, view: TrackView, frame: Frame, identifier: string | undefined): HomeRealmDecision => {
  const wantsChoice = frame.login.prompt.includes('select_account') || (frame.up as HomeRealmMemory | undefined)?.ask;
  const candidates = candidatesOf(view, frame);
  if (wantsChoice && identifier === undefined) return decideHomeRealm({ candidates });
  return decideHomeRealm({
    candidates,
    identifier: identifier ?? frame.login.login_hint,
    address: journey.request.clientIp,
    remembered: journey.browser.homeRealms(frame.track),
  });
};

/** Home realm discovery, spec 4: rules, then a remembered choice, then the page. */
export const discover = async (journey: Journey, frame: Frame): Promise<NextStep> => {
  const view = journey.view(frame);
  if (candidatesOf(view, frame).length === 0) {
    frame.result = {
      ok: false,
      error: 'server_error',
      error_description: 'the ways of signing in are no longer there',
      detail: frame.login.up_parties.join(' '),
    };
    return goOn;
  }
  const decision = decide(journey, view, frame, undefined);
  if (!('chosen' in decision)) return show(journey, frame, decision);
  journey.request.logger.debug({ up_party: decision.chosen, reason: decision.reason }, 'a rule chose the up-party');
  choose(frame, decision.chosen);
  return goOn;
};

const choose = (frame: Frame, upParty: string, up?: object): void => {
  frame.upParty = upParty;
  frame.up = up;
};

interface Typed {
  readonly identifier?: string;
  readonly error?: TextKey;
}

const show = async (
  journey: Journey,
  frame: Frame,
  decision: Extract<HomeRealmDecision, { buttons: unknown }>,
  { identifier = frame.login.login_hint, error }: Typed = {},
): Promise<NextStep> => {
  const view = journey.view(frame);
  const login = lookParty(view, frame.login.up_parties);
  const [first] = candidatesOf(view, frame);
  const party = login ?? first;
  if (!party) throw new Error('home realm discovery without up-parties');
  const page = homeRealmPage(journeyScene(journey, frame, party), {
    place: journeyPlace(journey, frame, party),
    // The login up-party has the field; it needs no button beside it.
    buttons: decision.buttons.filter(({ name }) => name !== login?.name),
    kinds: login ? identifierKinds(login) : decision.asks_identifier ? 'e' : undefined,
    identifier,
    error,
    search: (new URLSearchParams(journey.request.rawQuery).get('search') ?? '').trim().slice(0, 100),
    may_create: login?.enable_create_user === true,
  });
  return { kind: 'page', page };
};

/** What the page of home realm discovery sends: a button's up-party, or an identifier that decides by rule. */
const chosen: PageAction = async (journey, form) => {
  const { frame } = journey;
  if (frame.result || frame.upParty !== undefined) return goOn;
  const view = journey.view(frame);
  const button = form.text('up_party');
  if (button !== '') {
    // Only what the request may use; anything else asks again.
    if (!candidatesOf(view, frame).some(({ name }) => name === button)) return goOn;
    choose(frame, button);
    frame.asked = true;
    return goOn;
  }
  return typed(journey, frame, form.trimmed('username'));
};

const typed = async (journey: Journey, frame: Frame, identifier: string): Promise<NextStep> => {
  const view = journey.view(frame);
  const login = lookParty(view, frame.login.up_parties);
  const decision = decideHomeRealm({ candidates: candidatesOf(view, frame), identifier });
  if (identifier === '' || identifier.length > longestIdentifier)
    return show(journey, frame, buttonsOf(view, frame), { identifier, error: 'identifier_missing' });
  const name = 'chosen' in decision ? decision.chosen : login?.name;
  if (name === undefined) return show(journey, frame, buttonsOf(view, frame), { identifier, error: 'choose_unknown' });
  const party = view.upParty(name);
  frame.asked = true;
  choose(frame, name, party?.type === 'login' ? { identifier } : undefined);
  // Whom the user typed is whom the provider above should expect.
  if (party?.type !== 'login') Object.assign(frame.login, { login_hint: identifier });
  return goOn;
};

const buttonsOf = (view: TrackView, frame: Frame): Extract<HomeRealmDecision, { buttons: unknown }> => {
  const decision = decideHomeRealm({ candidates: candidatesOf(view, frame) });
  return 'buttons' in decision ? decision : { buttons: [], asks_identifier: true };
};

/** A new account is one of the track's own users, whatever else may sign in. */
const createAccount: PageAction = async (journey) => {
  const { frame } = journey;
  const login: LoginUpParty | undefined = lookParty(journey.view(frame), frame.login.up_parties);
  if (frame.result || frame.upParty !== undefined || !login) return goOn;
  choose(frame, login.name, { detour: 'create' });
  return goOn;
};

export const homeRealmActions: PageActions = { home_realm: chosen, home_realm_create: createAccount };
