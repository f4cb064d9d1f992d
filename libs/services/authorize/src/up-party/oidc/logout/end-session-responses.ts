import type { ConfigCache } from '@corsac/config-cache';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { parseParameters } from '@corsac/oauth';
import { Browser } from '../../../browser/browser.js';
import { sendPageError, sendStep } from '../../../edge/edge.js';
import type { AdvanceLogout } from '../../../logout/advance.js';
import type { LogoutJourneys } from '../../../logout/logout-journey.js';
import { addressedUpParty } from '../addressed-up-party.js';
import { isLogoutState, journeyIdOf } from './oidc-upstream-logout.js';

export interface EndSessionResponseParts {
  readonly config: ConfigCache;
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly base_url: string;
  readonly now: () => number;
}

/** Where providers send the browser back after a logout (RP-Initiated Logout 1.0 3): the logout goes on from there. */
export class EndSessionResponses {
  constructor(private readonly parts: EndSessionResponseParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const { config, journeys, advance, base_url } = this.parts;
    const addressed = await addressedUpParty(config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const { view, party } = addressed.value;
    const state = parseParameters(request.rawQuery).values.get('state');
    const id = journeyIdOf(state);
    const found = id === undefined ? undefined : await journeys.find(view.tenant, id);
    const browser = new Browser(view.tenant, base_url, request.cookies);
    if (!found || state === undefined || !browser.isBoundTo(found.journey.binding))
      return sendPageError(request, 'sequence_unknown', { view });
    const { journey } = found;
    if (journey.expires <= this.parts.now()) return sendPageError(request, 'sequence_expired', { view });
    // A reload after the journey went on only shows where it stands.
    if (journey.stage === 'upstream' && !isLogoutState(state, journey, { track: view.track, up_party: party.name }))
      return sendPageError(request, 'sequence_unknown', { view });
    // The up-party may be of a linked track; the journey is of the track where the logout began.
    const home = await config.track(journey.tenant, journey.track);
    if (!home.ok)
      return sendPageError(request, home.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable');
    const context = { view: home.value, browser, request };
    const from = { track: view.track, up_party: party.name };
    return sendStep(request, browser, await advance.returned(context, journey, from));
  }
}
