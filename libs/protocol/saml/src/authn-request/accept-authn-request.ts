import type { Outcome } from '@corsac/outcome';
import { fail, ok } from '@corsac/outcome';
import type { IncomingMessage } from '../bindings/incoming-message.js';
import type { CheckStep, Problem } from '../check-steps.js';
import { problem } from '../check-steps.js';
import { bindings, nameIdFormats, statusCodes } from '../names.js';
import type { HeadContext, HeadExpectations } from '../request-steps.js';
import { destinationProblem, issueInstantProblem, issuerProblem } from '../request-steps.js';
import type { SamlError } from '../saml-error.js';
import { shown } from '../saml-error.js';
import type { SamlStatus } from '../status.js';
import type { PartyTrust } from '../trust/trust-message.js';
import { trustMessage } from '../trust/trust-message.js';
import type { AuthnRequest } from './authn-request.js';
import { readAuthnRequest } from './read-authn-request.js';

/** The application that the request must come from, as it is configured. */
export interface AuthnRequestExpectations extends HeadExpectations {
  readonly party: PartyTrust;
  readonly require_signed: boolean;
  /** Where responses may go; the first is the default. */
  readonly acs_urls: readonly string[];
  /** Formats that the track can give; default unspecified, email address, persistent and transient. */
  readonly name_id_formats?: readonly string[];
}

/** A request that passed. Only `acceptAuthnRequest` makes it. */
export interface AcceptedAuthnRequest extends AuthnRequest {
  /** A configured address, exactly. */
  readonly reply_to: string;
  readonly relay_state?: string;
  readonly signed: boolean;
}

/** A refusal; with `reply` it may be told to the application, without it only the user sees a page. */
export interface AuthnRequestRefusal extends SamlError {
  readonly reply?: {
    readonly reply_to: string;
    readonly in_response_to: string;
    readonly status: SamlStatus;
    readonly relay_state?: string;
  };
}

interface RequestContext extends HeadContext {
  readonly head: AuthnRequest;
  readonly expected: AuthnRequestExpectations;
  readonly reply_to: string | undefined;
}

type RequestStep = CheckStep<RequestContext> & { readonly onError: 'page' | 'response'; readonly status?: SamlStatus };

const usualFormats = [
  nameIdFormats.unspecified,
  nameIdFormats.emailAddress,
  nameIdFormats.persistent,
  nameIdFormats.transient,
];

/** Simple string comparison with the configured addresses. An index says nothing unless there is only one. */
function replyTo(
  { assertion_consumer_service_url: url, assertion_consumer_service_index: index }: AuthnRequest,
  acs_urls: readonly string[],
) {
  if (url !== undefined) return acs_urls.includes(url) ? url : undefined;
  return index === undefined || acs_urls.length === 1 ? acs_urls[0] : undefined;
}

function acsUrl({ head, reply_to }: RequestContext): Problem | undefined {
  if (reply_to !== undefined) return undefined;
  const asked = head.assertion_consumer_service_url ?? head.assertion_consumer_service_index?.toString();
  return problem('acs_url_unknown', `The assertion consumer service ${shown(asked)} is not one of the application's.`);
}

/** SAML Core 3.4.1: the binding is the application's choice, so one that we do not have is an error, not another binding. */
function protocolBinding({ head: { protocol_binding } }: RequestContext): Problem | undefined {
  if (protocol_binding === undefined || protocol_binding === bindings.post || protocol_binding === bindings.redirect) {
    return undefined;
  }
  return problem('unsupported', `Responses over ${shown(protocol_binding)} are not supported.`);
}

/** SAML Core 3.4.1.1. */
function nameIdPolicy({ head, expected }: RequestContext): Problem | undefined {
  const { format, sp_name_qualifier } = head.name_id_policy ?? {};
  if (format !== undefined && !(expected.name_id_formats ?? usualFormats).includes(format)) {
    return problem('unsupported', `The name identifier format ${shown(format)} cannot be given.`);
  }
  if (sp_name_qualifier === undefined || sp_name_qualifier === expected.issuer) return undefined;
  return problem(
    'unsupported',
    `Name identifiers for ${shown(sp_name_qualifier)} cannot be given to another application.`,
  );
}

/** In order. An error may travel to the application only once the address is proven to be its own. */
export const authnRequestSteps: readonly RequestStep[] = [
  { name: 'issuer', check: ({ head, expected }) => issuerProblem(head.issuer, expected.issuer), onError: 'page' },
  { name: 'destination', check: destinationProblem, onError: 'page' },
  { name: 'acs_url', check: acsUrl, onError: 'page' },
  { name: 'issue_instant', check: issueInstantProblem, onError: 'response', status: { code: statusCodes.requester } },
  {
    name: 'protocol_binding',
    check: protocolBinding,
    onError: 'response',
    status: { code: statusCodes.requester, sub_code: statusCodes.requestUnsupported },
  },
  {
    name: 'name_id_policy',
    check: nameIdPolicy,
    onError: 'response',
    status: { code: statusCodes.requester, sub_code: statusCodes.invalidNameIdPolicy },
  },
];

/**
 * Checks an application's AuthnRequest, from the raw message to every value.
 * @param incoming from `readRedirect` or `readPost`
 * @param expected what is configured for the application, our own addresses, the time
 * @returns the request and where its answer goes; a refusal has `reply` when it may travel to the application, otherwise it is a page
 */
export function acceptAuthnRequest(
  incoming: IncomingMessage,
  expected: AuthnRequestExpectations,
): Outcome<AcceptedAuthnRequest, AuthnRequestRefusal> {
  const trusted = trustMessage(incoming, 'samlp:AuthnRequest', expected.party, expected.require_signed);
  if (!trusted.ok) return trusted;
  const { element, signed } = trusted.value;
  const head = readAuthnRequest(element);
  if (!head.ok) return head;
  const { relay_state } = incoming;
  const reply_to = replyTo(head.value, expected.acs_urls);
  for (const { name, check, onError, status = { code: statusCodes.requester } } of authnRequestSteps) {
    const found = check({ head: head.value, signed, expected, reply_to });
    if (!found) continue;
    const error: SamlError = { ...found, step: name };
    if (onError === 'page' || reply_to === undefined) return fail(error);
    return fail({ ...error, reply: { reply_to, in_response_to: head.value.id, status, relay_state } });
  }
  return ok({ ...head.value, reply_to: reply_to ?? '', relay_state, signed });
}
