import type { OutgoingMessage } from '../bindings/send-message.js';
import { messageXml, nameIdXml, statusXml } from '../message-parts.js';
import { statusCodes } from '../names.js';
import type { SamlStatus } from '../status.js';
import { success } from '../status.js';
import { writeInstant } from '../time.js';
import { tag, text } from '../xml/write-xml.js';
import type { LogoutRequest, LogoutResponse } from './logout-messages.js';

/** How a logout went: everywhere, not everywhere, or not at all. */
export type LogoutResult = 'success' | 'partial' | 'failed';

const statuses: Readonly<Record<LogoutResult, SamlStatus>> = {
  success,
  partial: { code: statusCodes.success, sub_code: statusCodes.partialLogout },
  failed: { code: statusCodes.responder },
};

/** The status that says how a logout went. SAML Core 3.7.3.2: ended here, but not at every participant, is PartialLogout. */
export function statusOfLogout(result: LogoutResult): SamlStatus {
  return statuses[result];
}

/** What a status says about a logout. Peers put PartialLogout on either level. */
export function logoutResultOf({ code, sub_code }: SamlStatus): LogoutResult {
  if (code === statusCodes.partialLogout || sub_code === statusCodes.partialLogout) return 'partial';
  return code === statusCodes.success ? 'success' : 'failed';
}

/** Makes a LogoutRequest. SAML Core 3.7.1; SAML Profiles 4.4.4.1. */
export function makeLogoutRequest(request: LogoutRequest & { readonly destination: string }): OutgoingMessage {
  const { destination, not_on_or_after, reason, session_indexes } = request;
  const attributes = {
    NotOnOrAfter: not_on_or_after === undefined ? undefined : writeInstant(not_on_or_after),
    Reason: reason,
  };
  const unsigned = messageXml('samlp:LogoutRequest', request, attributes, [
    nameIdXml(request.name_id, false),
    ...session_indexes.map((index) => tag('samlp:SessionIndex', {}, text(index))),
  ]);
  return { kind: 'request', destination, unsigned };
}

/** Makes a LogoutResponse; one over SOAP goes nowhere but back. SAML Core 3.7.2; SAML Profiles 4.4.4.2. */
export function makeLogoutResponse(response: LogoutResponse): OutgoingMessage {
  const attributes = { InResponseTo: response.in_response_to };
  const unsigned = messageXml('samlp:LogoutResponse', response, attributes, [statusXml(response.status)]);
  return { kind: 'response', destination: response.destination ?? '', unsigned };
}
