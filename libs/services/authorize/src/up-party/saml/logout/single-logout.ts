import type { ConfigCache } from '@corsac/config-cache';
import { formText, sendRedirect, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { parseParameters } from '@corsac/oauth';
import { acceptLogoutResponse, type IncomingMessage } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendPageError, sendStep } from '../../../edge/edge.js';
import type { AdvanceLogout } from '../../../logout/advance.js';
import type { LogoutJourney, LogoutJourneys } from '../../../logout/logout-journey.js';
import { lineOf, readForm, receiveSaml } from '../../../saml/receive.js';
import { isSoap } from '../../../saml/soap.js';
import type { BouncedAnswers } from '../../oidc/answer/bounce.js';
import { isLogoutState, journeyIdOf } from '../../oidc/logout/oidc-upstream-logout.js';
import { addressedUpParty, addressesOf, arrivedAt } from '../addressed-up-party.js';
import type { IdentityProviders, SamlUpPartyInTrack } from '../idp/identity-providers.js';
import type { LogoutRequestsFromAbove } from './logout-requests.js';
import { logoutRequestId } from './saml-upstream-logout.js';

export interface SingleLogoutParts {
  readonly config: ConfigCache;
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly idps: IdentityProviders;
  readonly bounced: BouncedAnswers;
  readonly requests: LogoutRequestsFromAbove;
  readonly base_url: string;
  readonly now: () => number;
}

/** Our single logout service towards identity providers: their requests, and their answers to ours (SAML Profiles 4.4). */
export class SingleLogout {
  constructor(private readonly parts: SingleLogoutParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedUpParty(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const place = addressed.value;
    const { view } = place;
    if (isSoap(request)) return this.parts.requests.handleSoap(request, place);
    const handle = request.method === 'GET' ? parseParameters(request.rawQuery).values.get('bounced') : undefined;
    const kept = handle === undefined ? undefined : await this.parts.bounced.take(view.tenant, handle);
    if (handle !== undefined && kept === undefined) return sendPageError(request, 'sequence_overtaken', { view });
    const incoming = kept === undefined ? receiveSaml(request) : readForm(kept);
    if (!incoming.ok) {
      const description = `the SAML message is refused: ${incoming.error.reason}`;
      return sendPageError(request, 'bad_request', { view, description, detail: lineOf(incoming.error) });
    }
    return incoming.value.kind === 'request'
      ? this.parts.requests.handle(request, place, incoming.value)
      : this.answered(request, place, incoming.value);
  }

  /** The identity provider's answer: the logout goes on from where it left. */
  private async answered(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    incoming: IncomingMessage,
  ): Promise<HttpAnswer> {
    const { config, journeys, advance, base_url } = this.parts;
    const { view, party } = place;
    const state = incoming.relay_state;
    const id = journeyIdOf(state);
    const found = id === undefined ? undefined : await journeys.find(view.tenant, id);
    if (!found || id === undefined || state === undefined) return sendPageError(request, 'sequence_unknown', { view });
    const { journey } = found;
    const isFitting = isLogoutState(state, journey, { track: view.track, up_party: party.name });
    if (journey.stage === 'upstream' && !isFitting) return sendPageError(request, 'sequence_unknown', { view });
    const browser = new Browser(view.tenant, base_url, request.cookies);
    if (!browser.isBoundTo(journey.binding))
      return request.method === 'POST'
        ? this.bounce(request, place, id)
        : sendPageError(request, 'sequence_unknown', { view });
    if (journey.expires <= this.parts.now()) return sendPageError(request, 'sequence_expired', { view });
    if (journey.stage === 'upstream') await this.note(request, place, { incoming, journey, state });
    // The up-party may be of a linked track; the journey is of the track where the logout began.
    const home = await config.track(journey.tenant, journey.track);
    if (!home.ok)
      return sendPageError(request, home.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable');
    const from = { track: view.track, up_party: party.name };
    return sendStep(request, browser, await advance.returned({ view: home.value, browser, request }, journey, from));
  }

  /**
   * Takes down how it went above. An answer that cannot be believed says nothing: nothing hangs on it, as the sessions here
   * have ended, so the user's way goes on, and whoever asked is told that not everybody confirmed.
   */
  private async note(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    { incoming, journey, state }: { incoming: IncomingMessage; journey: LogoutJourney; state: string },
  ): Promise<void> {
    const idp = await this.parts.idps.of(place);
    if (!idp.ok) return void (journey.untold = true);
    const { party } = place;
    const answer = await this.parts.idps.check(place, idp.value, ({ entity_id, keys }) =>
      acceptLogoutResponse(incoming, {
        issuer: entity_id,
        destinations: arrivedAt(this.parts.base_url, place, 'single_logout'),
        now: this.parts.now(),
        party: { keys, policy: { allow_sha1: party.allow_sha1 } },
        pending_request_id: logoutRequestId(state),
      }),
    );
    if (answer.ok && answer.value.result === 'success') return;
    journey.untold = true;
    const reason = answer.ok ? answer.value.result : lineOf(answer.error);
    request.logger.warn({ up_party: party.name, reason }, 'a SAML identity provider did not confirm the logout');
  }

  private async bounce(request: HttpRequest, { view, party }: SamlUpPartyInTrack, id: string): Promise<HttpAnswer> {
    const handle = await this.parts.bounced.keep(view.tenant, id, formText(request.content) ?? '');
    const { single_logout } = addressesOf(this.parts.base_url, view, party);
    return sendRedirect(`${single_logout}?${new URLSearchParams({ bounced: handle }).toString()}`);
  }
}
