import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { parseParameters } from '@corsac/oauth';
import { readFrontchannelLogout } from '@corsac/oidc';
import { Browser } from '../../../browser/browser.js';
import { sendPageError, sendStep } from '../../../edge/edge.js';
import type { AdvanceLogout } from '../../../logout/advance.js';
import type { LogoutJourneys } from '../../../logout/logout-journey.js';
import { addressedUpParty } from '../addressed-up-party.js';
import type { Providers, UpPartyInTrack } from '../provider/providers.js';
import { endSessionsAbove, type BegunLogout } from './end-sessions.js';

export interface FrontChannelLogoutParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly providers: Providers;
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly base_url: string;
}

/**
 * A provider tells through the browser that its session is over (Front-Channel Logout 1.0 3): inside an iframe, where the
 * browser may send no cookie. The applications here are told from the same iframe, which only that issuer may show.
 */
export class FrontChannelLogouts {
  constructor(private readonly parts: FrontChannelLogoutParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedUpParty(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const place = addressed.value;
    const { view, party } = place;
    const refuse = (description: string): HttpAnswer => sendPageError(request, 'bad_request', { view, description });
    if (!party.frontchannel_logout) return refuse('front-channel logout is off for this up-party');
    const parameters = parseParameters(request.rawQuery);
    const provider = await this.parts.providers.of(place);
    // A provider that cannot be read just now is believed as far as a session stands on it: that issuer was proven.
    const unproven = parameters.values.get('iss') ?? '';
    const asked = readFrontchannelLogout(parameters, provider.ok ? provider.value.issuers : [unproven]);
    if (!asked.ok) return refuse(asked.error);
    const { iss, sid } = asked.value;
    const begun = await endSessionsAbove(this.parts.bus, place, { issuer: iss, sid }, request.messageContext);
    if (!begun.ok)
      return sendPageError(request, 'temporarily_unavailable', { view, detail: 'session does not answer' });
    if (begun.value.length === 0 && !provider.ok) return sendPageError(request, 'temporarily_unavailable', { view });
    return this.tell(request, place, { issuer: iss, sid, begun: begun.value });
  }

  /** The page that tells the applications. It sets no cookie: in a frame of another site it could only be a wrong one. */
  private async tell(
    request: HttpRequest,
    { view, party }: UpPartyInTrack,
    { issuer, sid, begun }: { issuer: string; sid: string; begun: readonly BegunLogout[] },
  ): Promise<HttpAnswer> {
    const noBrowser = new Browser(view.tenant, this.parts.base_url, new Map());
    const journey = this.parts.journeys.begin({
      tenant: view.tenant,
      track: view.track,
      binding: noBrowser.bind(),
      party: party.name,
      cause: 'upstream',
      target: { kind: 'sid', sid },
      ui_locales: [],
      back: { unasked: { kind: 'page' }, agreed: { kind: 'page' } },
      framed_by: issuer,
    });
    const step = await this.parts.advance.tell({ view, browser: noBrowser, request }, journey, begun);
    return sendStep(request, new Browser(view.tenant, this.parts.base_url, new Map()), step);
  }
}
