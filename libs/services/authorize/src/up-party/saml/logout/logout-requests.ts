import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { makeLogoutResponse, sendBySoap, statusOfLogout, type IncomingMessage } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendPageError, sendStep } from '../../../edge/edge.js';
import type { AdvanceLogout } from '../../../logout/advance.js';
import type { LogoutJourney, LogoutJourneys } from '../../../logout/logout-journey.js';
import { nobodyLooks } from '../../../logout/without-browser.js';
import { newMessageId } from '../../../saml/deliver.js';
import type { SamlSigning } from '../../../saml/sign.js';
import { receiveSoap, sendAway, sendFault, sendSoap } from '../../../saml/soap.js';
import { ownEntityId } from '../addressed-up-party.js';
import { endpointFor } from '../idp/identity-provider.js';
import type { SamlUpPartyInTrack } from '../idp/identity-providers.js';
import { logoutAnswerType, type AnswerAbove } from './answer-above.js';
import { takeRequest, type TakenRequest, type TakeRequestParts } from './take-request.js';

export interface LogoutRequestsFromAboveParts extends TakeRequestParts {
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly signing: SamlSigning;
}

/**
 * An identity provider says that its session is over (SAML Profiles 4.4.3.3). Sessions are found by what it calls them,
 * never by a cookie: it may say so inside a frame. The applications here are told, and then it gets its answer.
 */
export class LogoutRequestsFromAbove {
  constructor(private readonly parts: LogoutRequestsFromAboveParts) {}

  async handle(request: HttpRequest, place: SamlUpPartyInTrack, incoming: IncomingMessage): Promise<HttpAnswer> {
    const { view } = place;
    const taken = await takeRequest(this.parts, place, incoming, request.messageContext);
    if (taken.ok) return this.tell(request, place, taken.value);
    const { kind, reason, detail } = taken.error;
    if (kind === 'away') return sendPageError(request, 'temporarily_unavailable', { view, detail });
    const description =
      kind === 'refused' ? `the logout request is refused: ${reason}` : 'the logout request was used before';
    return sendPageError(request, 'bad_request', { view, description, detail });
  }

  /** The same over SOAP: whoever can be told by a browser alone is not told, and the answer says so (4.4.3.4). */
  async handleSoap(request: HttpRequest, place: SamlUpPartyInTrack): Promise<HttpAnswer> {
    const { bus, signing, base_url, now } = this.parts;
    const { view, party } = place;
    const context = request.messageContext;
    const taken = await takeRequest(this.parts, place, receiveSoap(request), context);
    if (!taken.ok) {
      const { kind, reason, detail } = taken.error;
      return kind === 'away' ? sendAway(request, detail ?? party.name) : sendFault(request, reason ?? kind, detail);
    }
    const isUntold = await nobodyLooks(bus, view.tenant, taken.value.begun, context);
    const message = makeLogoutResponse({
      id: newMessageId(),
      issuer: ownEntityId(base_url, view, party),
      issued_at: now(),
      in_response_to: taken.value.asked.id,
      status: statusOfLogout(isUntold ? 'partial' : 'success'),
    });
    const signedAt = { tenant: view.tenant, track: view.track, algorithm: party.signature_algorithm, context };
    const signed = await signing.signed(signedAt, (signer) => sendBySoap(message, signer));
    // The sessions have ended; a request that is made anew finds none and is answered.
    return signed.ok ? sendSoap(signed.value) : sendAway(request, `signing: ${signed.error}`);
  }

  /** Tells the applications in the browser, which may be a frame of the identity provider's page, and answers at the end. */
  private async tell(
    request: HttpRequest,
    { view, party }: SamlUpPartyInTrack,
    { asked, idp, begun }: TakenRequest,
  ): Promise<HttpAnswer> {
    const endpoint = endpointFor(idp.single_logout, party.logout_response_binding) ?? idp.single_logout[0];
    const url = endpoint && (endpoint.response_location ?? endpoint.location);
    const answer: AnswerAbove = {
      up_party: party.name,
      in_response_to: asked.id,
      ...(asked.relay_state !== undefined && { relay_state: asked.relay_state }),
    };
    const back = endpoint
      ? ({ kind: 'down_party', type: logoutAnswerType, request: answer, ...(url !== undefined && { url }) } as const)
      : ({ kind: 'page' } as const);
    // It sets no cookie: in a frame of another site it could only be a wrong one.
    const noBrowser = new Browser(view.tenant, this.parts.base_url, new Map());
    const journey: LogoutJourney = this.parts.journeys.begin({
      tenant: view.tenant,
      track: view.track,
      binding: noBrowser.bind(),
      party: party.name,
      cause: 'upstream',
      target: { kind: 'browser' },
      ui_locales: [],
      back: { unasked: back, agreed: back },
      framed_by: url ?? this.parts.base_url,
    });
    const step = await this.parts.advance.tell({ view, browser: noBrowser, request }, journey, begun);
    return sendStep(request, new Browser(view.tenant, this.parts.base_url, new Map()), step);
  }
}
