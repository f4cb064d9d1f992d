import type { Outcome } from '@corsac/outcome';
import { fail, ok } from '@corsac/outcome';
import type { IncomingMessage } from '../bindings/incoming-message.js';
import type { CheckStep, Problem } from '../check-steps.js';
import { firstProblem, problem } from '../check-steps.js';
import { readNameId, readStatus } from '../message-parts.js';
import { namespaces } from '../names.js';
import { instantOf, readMessageHead } from '../read-message-head.js';
import type { HeadContext, HeadExpectations } from '../request-steps.js';
import { defaultMaxAge, defaultSkew, headSteps } from '../request-steps.js';
import type { SamlError } from '../saml-error.js';
import { refuse, shown } from '../saml-error.js';
import type { PartyTrust } from '../trust/trust-message.js';
import { trustMessage } from '../trust/trust-message.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childNamed, childrenNamed, textOf } from '../xml/xml-element.js';
import type { LogoutRequest, LogoutResponse } from './logout-messages.js';
import type { LogoutResult } from './make-logout.js';
import { logoutResultOf } from './make-logout.js';

const { saml, samlp } = namespaces;

/** The party that the message must come from. Logout messages are signed unless the caller says otherwise. */
export interface LogoutExpectations extends HeadExpectations {
  readonly party: PartyTrust;
  /** Default true. SAML Profiles 4.4.3.1, 4.4.3.3. */
  readonly require_signed?: boolean;
}

/** A request that passed every check but replay. */
export interface AcceptedLogoutRequest extends LogoutRequest {
  readonly relay_state?: string;
  readonly signed: boolean;
  /** The ID need not be remembered longer than this, in unix seconds. */
  readonly expires_at: number;
}

/** An answer that passed every check. */
export interface AcceptedLogoutResponse extends LogoutResponse {
  readonly relay_state?: string;
  readonly signed: boolean;
  readonly result: LogoutResult;
}

interface LogoutRequestContext extends HeadContext {
  readonly head: LogoutRequest;
}

interface LogoutResponseContext extends HeadContext {
  readonly head: LogoutResponse;
  readonly pending_request_id: string;
}

function notOnOrAfter({ head, expected }: LogoutRequestContext): Problem | undefined {
  const { now, skew = defaultSkew } = expected;
  if (head.not_on_or_after === undefined || now < head.not_on_or_after + skew) return undefined;
  return problem('expired', `The logout request ended ${now - head.not_on_or_after} s ago.`);
}

function inResponseTo({ head, pending_request_id: pending }: LogoutResponseContext): Problem | undefined {
  if (head.in_response_to === pending) return undefined;
  return problem(
    'in_response_to_mismatch',
    `InResponseTo is ${shown(head.in_response_to)}, the pending request ${shown(pending)}.`,
  );
}

/** Over SOAP nothing passes through a browser, so a signed message need not say where it goes. SAML Bindings 3.2. */
const addressed = (signed: boolean, { binding }: IncomingMessage): boolean => signed && binding !== 'soap';

/** Of a LogoutRequest, in order. */
export const logoutRequestSteps: readonly CheckStep<LogoutRequestContext>[] = [
  ...headSteps,
  { name: 'not_on_or_after', check: notOnOrAfter },
];

/** Of a LogoutResponse, in order. */
export const logoutResponseSteps: readonly CheckStep<LogoutResponseContext>[] = [
  ...headSteps,
  { name: 'in_response_to', check: inResponseTo },
];

function readLogoutRequest(element: XmlElement, nameId: XmlElement): LogoutRequest {
  return {
    ...readMessageHead(element),
    name_id: readNameId(nameId),
    session_indexes: childrenNamed(element, samlp, 'SessionIndex').map((index) => textOf(index)),
    not_on_or_after: instantOf(element, 'NotOnOrAfter'),
    reason: attributeOf(element, 'Reason'),
  };
}

/**
 * Checks a LogoutRequest, from the raw message to every value. SAML Profiles 4.4.3.1, 4.4.3.3.
 * @returns whose sessions end, and until when (unix seconds) its ID is remembered; or the first check that it fails
 */
export function acceptLogoutRequest(
  incoming: IncomingMessage,
  expected: LogoutExpectations,
): Outcome<AcceptedLogoutRequest, SamlError> {
  const trusted = trustMessage(incoming, 'samlp:LogoutRequest', expected.party, expected.require_signed ?? true);
  if (!trusted.ok) return trusted;
  const { element, signed } = trusted.value;
  const nameId = childNamed(element, saml, 'NameID');
  if (!nameId) return refuse('subject', 'unsupported', 'Encrypted name identifiers are not supported.');
  const head = readLogoutRequest(element, nameId);
  const refused = firstProblem(logoutRequestSteps, { head, signed: addressed(signed, incoming), expected });
  if (refused) return fail(refused);
  const { skew = defaultSkew, max_age = defaultMaxAge } = expected;
  const expires_at = Math.min(head.not_on_or_after ?? Infinity, head.issued_at + max_age) + skew;
  return ok({ ...head, relay_state: incoming.relay_state, signed, expires_at });
}

/**
 * Checks a LogoutResponse, from the raw message to every value. A logout that failed at the peer is no refusal: the
 * message is fine, and `result` says how it went.
 * @param pending_request_id the ID of our LogoutRequest that this browser waits for
 */
export function acceptLogoutResponse(
  incoming: IncomingMessage,
  expected: LogoutExpectations & { readonly pending_request_id: string },
): Outcome<AcceptedLogoutResponse, SamlError> {
  const trusted = trustMessage(incoming, 'samlp:LogoutResponse', expected.party, expected.require_signed ?? true);
  if (!trusted.ok) return trusted;
  const { element, signed } = trusted.value;
  const status = readStatus(element);
  const head = { ...readMessageHead(element), in_response_to: attributeOf(element, 'InResponseTo'), status };
  const { pending_request_id } = expected;
  // Over SOAP an answer comes back on the connection of its request: there is no place that it could have been sent to.
  const arrived = incoming.binding === 'soap' ? { ...head, destination: undefined } : head;
  const context = { head: arrived, signed: addressed(signed, incoming), expected, pending_request_id };
  const refused = firstProblem(logoutResponseSteps, context);
  if (refused) return fail(refused);
  return ok({ ...head, relay_state: incoming.relay_state, signed, result: logoutResultOf(status) });
}
