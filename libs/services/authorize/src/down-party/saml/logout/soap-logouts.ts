import { endSession, type Bus } from '@corsac/contracts';
import type { ItemStore } from '@corsac/data';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import {
  acceptLogoutRequest,
  makeLogoutResponse,
  sendBySoap,
  statusOfLogout,
  type AcceptedLogoutRequest,
  type LogoutResult,
} from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import type { AdvanceLogout } from '../../../logout/advance.js';
import { nobodyLooks, type BegunWithoutBrowser } from '../../../logout/without-browser.js';
import { newMessageId } from '../../../saml/deliver.js';
import { lineOf } from '../../../saml/receive.js';
import type { SamlSigning } from '../../../saml/sign.js';
import { receiveSoap, sendAway, sendFault, sendSoap } from '../../../saml/soap.js';
import { applicationKeys, arrivedAt, idpEntityId, type AddressedApplication } from '../addressed-application.js';
import { giveLogoutBack, takeLogoutOnce } from './once.js';
import { sessionsMeant } from './sessions-meant.js';

export interface SoapLogoutParts {
  readonly bus: Bus;
  readonly items: Pick<ItemStore, 'putIfAbsent' | 'remove'>;
  readonly signing: SamlSigning;
  readonly advance: Pick<AdvanceLogout, 'tellAbove'>;
  readonly base_url: string;
  readonly now: () => number;
}

/**
 * LogoutRequests of applications over SOAP (SAML Profiles 4.4.3.1). There is no browser that could prove anything, so only a
 * request that a key of the application signed counts; and whoever can be told by a browser alone is not told, which the
 * answer says as PartialLogout (4.4.3.4).
 */
export class SoapLogouts {
  constructor(private readonly parts: SoapLogoutParts) {}

  async handle(request: HttpRequest, application: AddressedApplication): Promise<HttpAnswer> {
    const { view, party } = application;
    const { base_url, items, now } = this.parts;
    const asked = acceptLogoutRequest(receiveSoap(request), {
      issuer: party.issuer,
      destinations: arrivedAt(base_url, application, { which: 'logout', rawPath: request.rawPath }),
      now: now(),
      party: { keys: applicationKeys(view, party), policy: { allow_sha1: party.allow_sha1 } },
      require_signed: true,
    });
    if (!asked.ok) return sendFault(request, asked.error.reason, `${party.name}: ${lineOf(asked.error)}`);
    if (!(await takeLogoutOnce(items, application, asked.value, now())))
      return sendFault(request, 'used_before', party.name);
    const result = await this.end(request, application, asked.value);
    if (result !== 'away') return this.answer(request, application, asked.value, result);
    await giveLogoutBack(items, application, asked.value);
    return sendAway(request, 'session');
  }

  private async end(
    request: HttpRequest,
    application: AddressedApplication,
    asked: AcceptedLogoutRequest,
  ): Promise<LogoutResult | 'away'> {
    const { bus, base_url, advance } = this.parts;
    const { tenant, track } = application.view;
    const context = request.messageContext;
    const browser = new Browser(tenant, base_url, new Map());
    const meant = await sessionsMeant(bus, application, { asked, browser, context });
    if (meant === 'away') return 'away';
    const begun: BegunWithoutBrowser[] = [];
    let isUntold = false;
    for (const { sid } of meant) {
      const initiator = { track, party: application.party.name };
      const by = { kind: 'sid' as const, sid };
      const ended = await bus.ask(endSession, { tenant, track, by, cause: 'application', initiator }, context);
      if (!ended.ok) return 'away';
      begun.push(ended.value);
      isUntold = !(await advance.tellAbove(tenant, ended.value.upstream, context)) || isUntold;
    }
    isUntold = (await nobodyLooks(bus, tenant, begun, context)) || isUntold;
    return isUntold ? 'partial' : 'success';
  }

  private async answer(
    request: HttpRequest,
    application: AddressedApplication,
    asked: AcceptedLogoutRequest,
    result: LogoutResult,
  ): Promise<HttpAnswer> {
    const { view, party } = application;
    const message = makeLogoutResponse({
      id: newMessageId(),
      issuer: idpEntityId(this.parts.base_url, view, party),
      issued_at: this.parts.now(),
      in_response_to: asked.id,
      status: statusOfLogout(result),
    });
    const { tenant, track } = view;
    const place = { tenant, track, algorithm: party.signature_algorithm, context: request.messageContext };
    const signed = await this.parts.signing.signed(place, (signer) => sendBySoap(message, signer));
    if (signed.ok) return sendSoap(signed.value);
    // What was asked has been done; saying it again finds no session and is answered then.
    await giveLogoutBack(this.parts.items, application, asked);
    return sendAway(request, `signing: ${signed.error}`);
  }
}
