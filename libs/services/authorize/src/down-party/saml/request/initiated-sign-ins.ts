import type { ConfigCache } from '@corsac/config-cache';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { longestRelayState } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendJourney, sendPageError } from '../../../edge/edge.js';
import type { Dispatcher } from '../../../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../../../sequence/journey.js';
import { addressedApplication, idpEntityId } from '../addressed-application.js';
import { loginRequestOf } from './login-request.js';
import type { SamlRequest } from './saml-request.js';

export interface InitiatedSignInParts extends JourneyParts {
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  readonly base_url: string;
}

const longestHint = 300;
const parameters = ['RelayState', 'acs_url', 'login_hint'] as const;

/**
 * A sign-in that begins here and not at the application (SAML Profiles 4.1.5): a link to
 * `/{tenant}/{track}/{party}{binding}/saml/initiate` ends with a response that the application did not ask for. Only where
 * it takes such responses: it cannot tell one that its user wanted from one that somebody else had the browser bring.
 */
export class InitiatedSignIns {
  constructor(private readonly parts: InitiatedSignInParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedApplication(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const application = addressed.value;
    const { view, party } = application;
    const refuse = (description: string): HttpAnswer => sendPageError(request, 'bad_request', { view, description });
    if (!party.enable_idp_initiated) return refuse('sign-ins to this application begin at the application');
    const query = new URLSearchParams(request.rawQuery);
    if (parameters.some((name) => query.getAll(name).length > 1)) return refuse('a parameter is there twice');
    const [relay_state, asked_url, login_hint] = parameters.map((name) => query.get(name) ?? undefined);
    if ((relay_state?.length ?? 0) > longestRelayState || (login_hint?.length ?? 0) > longestHint)
      return refuse('a parameter is too long');
    const reply_to = asked_url ?? party.acs_urls[0] ?? '';
    if (!party.acs_urls.includes(reply_to)) return refuse('acs_url is not one of the application');
    const login = loginRequestOf(request, application, { login_hint });
    if (!login.ok) return refuse(login.error.message ?? 'nobody can be signed in to this application');
    const remembered: SamlRequest = {
      reply_to,
      binding: party.authn_response_binding,
      is_passive: false,
      ...(relay_state !== undefined && { relay_state }),
    };
    const issuer = idpEntityId(this.parts.base_url, view, party);
    const down = { party: party.name, type: 'saml2' as const, issuer, request: remembered };
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const frame = { track: view.track, down, login: login.value };
    const journey = Journey.begin(this.parts, { browser, request }, { view, frame });
    return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
  }
}
