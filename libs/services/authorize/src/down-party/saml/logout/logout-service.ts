import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { ItemStore } from '@corsac/data';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { acceptLogoutRequest, type AcceptedLogoutRequest, type IncomingMessage } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendPageError, sendStep } from '../../../edge/edge.js';
import type { AdvanceLogout } from '../../../logout/advance.js';
import type { LogoutJourneys } from '../../../logout/logout-journey.js';
import { lineOf, receiveSaml } from '../../../saml/receive.js';
import { isSoap } from '../../../saml/soap.js';
import {
  addressedApplication,
  applicationKeys,
  arrivedAt,
  type AddressedApplication,
} from '../addressed-application.js';
import { logoutAnswerUrl, type LogoutToAnswer } from './logout-answer.js';
import { giveLogoutBack, takeLogoutOnce } from './once.js';
import { sessionsMeant } from './sessions-meant.js';
import type { SoapLogouts } from './soap-logouts.js';
import type { TellApplications } from './tell-applications.js';

export interface LogoutServiceParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly items: Pick<ItemStore, 'putIfAbsent' | 'remove'>;
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly tell: TellApplications;
  readonly soap: SoapLogouts;
  readonly base_url: string;
  readonly now: () => number;
}

/** Our single logout service towards applications: their requests, and their answers to ours (SAML Profiles 4.4). */
export class LogoutService {
  constructor(private readonly parts: LogoutServiceParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedApplication(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const application = addressed.value;
    const { view } = application;
    if (isSoap(request)) return this.parts.soap.handle(request, application);
    const incoming = receiveSaml(request);
    if (!incoming.ok) {
      const description = `the SAML message is refused: ${incoming.error.reason}`;
      return sendPageError(request, 'bad_request', { view, description, detail: lineOf(incoming.error) });
    }
    return incoming.value.kind === 'response'
      ? this.parts.tell.answered(request, application, incoming.value)
      : this.asked(request, application, incoming.value);
  }

  private async asked(
    request: HttpRequest,
    application: AddressedApplication,
    incoming: IncomingMessage,
  ): Promise<HttpAnswer> {
    const { view, party } = application;
    const keys = applicationKeys(view, party);
    const asked = acceptLogoutRequest(incoming, {
      issuer: party.issuer,
      destinations: arrivedAt(this.parts.base_url, application, { which: 'logout', rawPath: request.rawPath }),
      now: this.parts.now(),
      party: { keys, policy: { allow_sha1: party.allow_sha1 } },
      // Without keys nothing can be proven; then only a session that this very browser holds can be ended.
      require_signed: party.keys.length > 0,
    });
    if (!asked.ok) {
      const description = `the logout request is refused: ${asked.error.reason}`;
      return sendPageError(request, 'bad_request', {
        view,
        description,
        detail: `${party.name}: ${lineOf(asked.error)}`,
      });
    }
    if (!(await takeLogoutOnce(this.parts.items, application, asked.value, this.parts.now())))
      return sendPageError(request, 'bad_request', { view, description: 'the logout request was used before' });
    return this.end(request, application, asked.value);
  }

  private async end(
    request: HttpRequest,
    application: AddressedApplication,
    asked: AcceptedLogoutRequest,
  ): Promise<HttpAnswer> {
    const { view, party } = application;
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const meant = await sessionsMeant(this.parts.bus, application, { asked, browser, context: request.messageContext });
    if (meant === 'away') return this.unavailable(request, application, asked);
    const answer: LogoutToAnswer = {
      party: party.name,
      in_response_to: asked.id,
      ...(asked.relay_state !== undefined && { relay_state: asked.relay_state }),
    };
    const url = logoutAnswerUrl(party);
    const back = { kind: 'down_party', type: 'saml2', request: answer, ...(url !== undefined && { url }) } as const;
    const [session] = meant;
    const journey = this.parts.journeys.begin({
      tenant: view.tenant,
      track: view.track,
      binding: browser.bind(),
      party: party.name,
      cause: 'application',
      target: session ? { kind: 'sid', sid: session.sid } : { kind: 'browser' },
      ui_locales: [],
      back: { unasked: back, agreed: back },
    });
    const context = { view, browser, request };
    // The session is over already, for example because somebody else ended it: the application is told that it is.
    if (!session) journey.stage = 'front_channel';
    const step = session
      ? await this.parts.advance.end(context, journey)
      : await this.parts.advance.advance(context, journey);
    if (step.kind === 'away') return this.unavailable(request, application, asked);
    return sendStep(request, browser, step);
  }

  /** Nothing was done: the application shall be able to say it again. */
  private async unavailable(
    request: HttpRequest,
    application: AddressedApplication,
    asked: AcceptedLogoutRequest,
  ): Promise<HttpAnswer> {
    await giveLogoutBack(this.parts.items, application, asked);
    const { view } = application;
    return sendPageError(request, 'temporarily_unavailable', { view, detail: 'session does not answer' });
  }
}
