import { hash } from 'node:crypto';
import { findSessions, type Bus } from '@corsac/contracts';
import { partyIssuer, trackIssuer } from '@corsac/model';
import { sendRedirect, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { IncomingMessage } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import type { SamlRequest } from '../../../down-party/saml/request/saml-request.js';
import { sendJourney, sendPageError } from '../../../edge/edge.js';
import type { Dispatcher } from '../../../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../../../sequence/journey.js';
import type { Frame, SignedIn } from '../../../sequence/sequence.js';
import type { BouncedAnswers } from '../../oidc/answer/bounce.js';
import { addressesOf } from '../addressed-up-party.js';
import type { JudgeResponses } from '../answer/judge-response.js';
import type { SamlUpPartyInTrack } from '../idp/identity-providers.js';
import type { Arrival } from './arrival.js';
import { shownName } from './proceed-arrival.js';
import { wantedApplication, type WantedApplication } from './wanted-application.js';

export interface InitiatedSignInParts extends JourneyParts {
  readonly bus: Bus;
  readonly dispatcher: Dispatcher;
  readonly bounced: BouncedAnswers;
  readonly judge: JudgeResponses;
  readonly base_url: string;
}

/**
 * Responses that nobody asked for (SAML Profiles 4.1.5), where an up-party allows them. Nothing shows that the user wanted
 * it: whoever has an account at the identity provider can have any browser bring a response of theirs. So it never takes
 * the place of somebody who is signed in without a question, it makes no session before the application wants one, and it
 * disturbs no other journey of the browser.
 */
export class InitiatedSignIns {
  constructor(private readonly parts: InitiatedSignInParts) {}

  /** @param form of a POST that has just come, without or with the browser's cookies */
  async handle(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    { incoming, form }: { readonly incoming: IncomingMessage; readonly form?: string | undefined },
  ): Promise<HttpAnswer> {
    const { view, party } = place;
    const refuse = (description: string): HttpAnswer => sendPageError(request, 'bad_request', { view, description });
    if (!party.enable_idp_initiated)
      return refuse('the response has no RelayState of ours: sign-ins begin at the application');
    const wanted = wantedApplication(view, party, incoming.relay_state);
    if (!wanted.ok) return refuse(wanted.error);
    if (request.method === 'POST') return this.bounce(request, place, incoming, form ?? '');
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const present = await this.present(request, place, browser);
    if (present === 'away')
      return sendPageError(request, 'temporarily_unavailable', { view, detail: 'session does not answer' });
    const frame = this.frameOf(place, wanted.value);
    const journey = Journey.begin(this.parts, { browser, request }, { view, frame });
    const judged = await this.parts.judge.judgeUnasked(journey, place, incoming);
    if (!judged.ok) return sendPageError(request, judged.error.page, { view, ...judged.error });
    if (!judged.value.ok) {
      const { error, error_description, detail } = judged.value;
      return sendPageError(request, 'bad_request', { view, description: `${error}: ${error_description}`, detail });
    }
    frame.up = arrivalFor(judged.value, present, wanted.value);
    return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
  }

  /**
   * Over http, cookies stay at home when another site posts, and a journey that is begun without them would take the place of
   * those that are under way. So the browser comes back by GET. Only a response that can be believed is kept for it.
   */
  private async bounce(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    incoming: IncomingMessage,
    form: string,
  ): Promise<HttpAnswer> {
    const { view, party } = place;
    const believed = await this.parts.judge.believe(request, place, incoming);
    if (!believed.ok) return sendPageError(request, believed.error.page, { view, ...believed.error });
    const id = hash('sha256', `${party.name}/${believed.value}`, 'base64url').slice(0, 32);
    const handle = await this.parts.bounced.keep(view.tenant, id, form);
    const { acs } = addressesOf(this.parts.base_url, view, party);
    return sendRedirect(`${acs}?${new URLSearchParams({ bounced: handle }).toString()}`);
  }

  /** Who is signed in in this browser and track, as far as anybody is. */
  private async present(
    request: HttpRequest,
    { view: { tenant, track } }: SamlUpPartyInTrack,
    { id }: Browser,
  ): Promise<readonly { sub: string; claims: SignedIn['claims'] }[] | 'away'> {
    if (id === undefined) return [];
    const by = { kind: 'browser' as const, browser_id: id };
    const found = await this.parts.bus.ask(findSessions, { tenant, track, by }, request.messageContext);
    if (!found.ok) return 'away';
    return found.value.sessions.map(({ sub, claims }) => ({ sub, claims: claims as SignedIn['claims'] }));
  }

  private frameOf({ view, party: up }: SamlUpPartyInTrack, wanted: WantedApplication): Frame {
    const { tenant, track } = view;
    const at = { base: this.parts.base_url, tenant, track };
    const login = { up_parties: [up.name], prompt: [], acr_values: [], mfa: false, ui_locales: [] };
    const { party } = wanted;
    if (party.type === 'oidc') {
      const issuer = party.issuer === 'track' ? trackIssuer(at) : partyIssuer({ ...at, party: party.name });
      return { track, down: { party: party.name, type: 'initiated', issuer, request: {} }, login, upParty: up.name };
    }
    const request: SamlRequest = {
      reply_to: party.acs_urls[0] ?? '',
      binding: party.authn_response_binding,
      is_passive: false,
      ...('relay_state' in wanted && wanted.relay_state !== undefined && { relay_state: wanted.relay_state }),
    };
    const issuer = party.idp_issuer ?? trackIssuer(at);
    return { track, down: { party: party.name, type: 'saml2', issuer, request }, login, upParty: up.name };
  }
}

const arrivalFor = (
  arrived: SignedIn,
  present: readonly { sub: string; claims: SignedIn['claims'] }[],
  wanted: WantedApplication,
): Arrival => {
  const other = present.find(({ sub }) => sub !== arrived.sub);
  return {
    arrived,
    ...(other && { instead_of: shownName(other) }),
    ...('url' in wanted && { initiate_url: wanted.url }),
  };
};
