import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { HttpAnswer } from '@corsac/http';
import { canSignInUsers, trackAddresses, trackIssuer } from '@corsac/model';
import type { DownPartyKind } from '../down-party/down-party.js';
import { sendJourney } from '../edge/edge.js';
import { messagePage } from '../pages/message-page.js';
import type { Dispatcher } from '../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../sequence/journey.js';
import type { Frame, LoginResult } from '../sequence/sequence.js';
import { away, type NextStep } from '../sequence/step.js';
import { journeyScene } from '../sign-in/journey-scene.js';
import { openSession } from '../sign-in/open-session.js';
import type { AccountPlace } from './account-place.js';

/** Path of a track's account page. */
const accountPath = (tenant: string, track: string): string => trackAddresses({ base: '', tenant, track }).account;

/**
 * The account page as the one that asks who it is: no application stands behind it, nobody has to be told of the
 * session's end, and the answer is the page itself.
 */
export class AccountDownPartyKind implements DownPartyKind {
  readonly type = 'account';

  constructor(private readonly bus: Bus) {}

  async answer(journey: Journey, frame: Frame, result: LoginResult): Promise<NextStep> {
    const path = accountPath(journey.sequence.tenant, frame.track);
    if (!result.ok) {
      const scene = journeyScene(journey, frame, undefined);
      const onward = { href: path, label: 'sign_in' as const };
      return {
        kind: 'page',
        page: messagePage(scene, { heading: 'error_heading', text: 'account_not_signed_in', onward }),
        ends: true,
      };
    }
    const session = await openSession(this.bus, journey, frame, { result });
    if (!session.ok && session.error === 'unavailable') return away('session');
    return { kind: 'redirect', url: path, ends: true };
  }
}

export interface AccountSignInParts extends JourneyParts {
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  readonly base_url: string;
}

/** Begins a sign-in for the account page, by the track's own users; undefined when the track has none. */
export const signInForAccount = async (
  parts: AccountSignInParts,
  { view, browser, request }: AccountPlace,
): Promise<HttpAnswer | undefined> => {
  const up_parties = view.upParties
    .filter((party) => party.type === 'login' && canSignInUsers(party))
    .map(({ name }) => name);
  if (up_parties.length === 0) return undefined;
  const { tenant, track } = view;
  const frame: Frame = {
    track,
    down: {
      party: 'account',
      type: 'account',
      issuer: trackIssuer({ base: parts.base_url, tenant, track }),
      request: {},
    },
    login: { up_parties, prompt: [], acr_values: [], mfa: false, ui_locales: [] },
  };
  const journey = Journey.begin(parts, { browser, request }, { view, frame });
  return sendJourney(request, browser, parts.dispatcher.dispatch(journey));
};
