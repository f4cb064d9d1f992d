import type { ConfigCache } from '@corsac/config-cache';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { parseParameters } from '@corsac/oauth';
import { fail, type Outcome } from '@corsac/outcome';
import {
  acceptAuthnRequest,
  bindings,
  type AcceptedAuthnRequest,
  type AuthnRequestRefusal,
  type SamlStatus,
} from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendJourney, sendPageError, sendStep } from '../../../edge/edge.js';
import { lineOf, receiveSaml } from '../../../saml/receive.js';
import type { Dispatcher } from '../../../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../../../sequence/journey.js';
import { addressedApplication, applicationKeys, arrivedAt, idpEntityId } from '../addressed-application.js';
import type { AddressedApplication } from '../addressed-application.js';
import type { SamlResponses } from '../answer/saml-responses.js';
import { loginRequestOf } from './login-request.js';
import type { SamlRequest } from './saml-request.js';

export interface AuthnRequestParts extends JourneyParts {
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  readonly responses: SamlResponses;
  readonly base_url: string;
}

/** Our single sign-on service (SAML Profiles 4.1.4.1): place, request, login request, and then the dispatcher. */
export class AuthnRequests {
  constructor(private readonly parts: AuthnRequestParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedApplication(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const application = addressed.value;
    const { view, party } = application;
    const asked = this.accept(request, application);
    if (!asked.ok) return this.refuse(request, application, asked.error);
    const remembered = rememberedOf(asked.value, party.authn_response_binding);
    const login = loginRequestOf(request, application, { ...asked.value, login_hint: hintOf(request, asked.value) });
    if (!login.ok) return this.reply(request, application, { remembered, status: login.error });
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const issuer = idpEntityId(this.parts.base_url, view, party);
    const frame = {
      track: view.track,
      down: { party: party.name, type: 'saml2' as const, issuer, request: remembered },
      login: login.value,
    };
    const journey = Journey.begin(this.parts, { browser, request }, { view, frame });
    return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
  }

  private accept(
    request: HttpRequest,
    application: AddressedApplication,
  ): Outcome<AcceptedAuthnRequest, AuthnRequestRefusal> {
    const { view, party } = application;
    const incoming = receiveSaml(request);
    if (!incoming.ok) return incoming;
    if (incoming.value.binding !== (party.authn_request_binding ?? incoming.value.binding)) return fail(otherWay);
    return acceptAuthnRequest(incoming.value, {
      issuer: party.issuer,
      destinations: arrivedAt(this.parts.base_url, application, { which: 'authn', rawPath: request.rawPath }),
      now: this.parts.now(),
      party: { keys: applicationKeys(view, party), policy: { allow_sha1: party.allow_sha1 } },
      require_signed: party.require_signed_authn_requests,
      acs_urls: party.acs_urls,
    });
  }

  private refuse(
    request: HttpRequest,
    application: AddressedApplication,
    refusal: AuthnRequestRefusal,
  ): Promise<HttpAnswer> | HttpAnswer {
    const { view, party } = application;
    if (!refusal.reply) {
      const description = `the SAML request is refused: ${refusal.reason}`;
      return sendPageError(request, 'bad_request', { view, description, detail: `${party.name}: ${lineOf(refusal)}` });
    }
    request.logger.info({ detail: lineOf(refusal) }, 'the SAML request was refused');
    const { status, ...reply } = refusal.reply;
    const remembered = { ...reply, binding: party.authn_response_binding, is_passive: false };
    return this.reply(request, application, { remembered, status });
  }

  /** An error that the application is told without a journey. */
  private async reply(
    request: HttpRequest,
    { view, party }: AddressedApplication,
    { remembered, status }: { remembered: SamlRequest; status: SamlStatus },
  ): Promise<HttpAnswer> {
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    return sendStep(
      request,
      browser,
      await this.parts.responses.refusal({ view, party, context: request.messageContext }, remembered, status),
    );
  }
}

/** Nothing in such a message is believed, so it is the user who is told. */
const otherWay: AuthnRequestRefusal = {
  reason: 'binding_invalid',
  step: 'binding',
  message: 'The request came by another binding than authn_request_binding.',
};

const longestHint = 300;

/** SAML's own place for it, or a parameter beside the message, which several identity providers take. */
const hintOf = (request: HttpRequest, { subject }: AcceptedAuthnRequest): string | undefined => {
  const { values } = parseParameters(request.rawQuery);
  const hint = subject?.value ?? values.get('login_hint') ?? values.get('LoginHint') ?? values.get('username');
  return hint !== undefined && hint.length <= longestHint ? hint : undefined;
};

const rememberedOf = (asked: AcceptedAuthnRequest, configured: SamlRequest['binding']): SamlRequest => {
  const { reply_to, relay_state, protocol_binding, name_id_policy } = asked;
  const wanted =
    protocol_binding === bindings.post ? 'post' : protocol_binding === bindings.redirect ? 'redirect' : undefined;
  return {
    reply_to,
    binding: wanted ?? configured,
    in_response_to: asked.id,
    is_passive: asked.is_passive === true,
    ...(asked.requested_authn_context && { requested_authn_context: asked.requested_authn_context }),
    ...(relay_state !== undefined && { relay_state }),
    ...(name_id_policy?.format !== undefined && { name_id_format: name_id_policy.format }),
  };
};
