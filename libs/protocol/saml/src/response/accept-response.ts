import type { Outcome } from '@corsac/outcome';
import { fail, ok } from '@corsac/outcome';
import type { IncomingMessage } from '../bindings/incoming-message.js';
import { firstProblem } from '../check-steps.js';
import type { DecryptKey } from '../encryption/encryption-algorithms.js';
import { readStatus } from '../message-parts.js';
import { readMessageHead } from '../read-message-head.js';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import type { PartyTrust } from '../trust/trust-message.js';
import { attributeOf } from '../xml/xml-element.js';
import type { Assertion, AuthnStatement } from './assertion.js';
import { readAssertion } from './read-assertion.js';
import type { ResponseExpectations, ResponseHead } from './response-steps.js';
import { assertionSteps, replayableUntil, responseSteps } from './response-steps.js';
import type { RequiredSignature, TrustedResponse } from './trust-response.js';
import { trustResponse } from './trust-response.js';

/** What is known about the identity provider and about the login that waits. */
export interface AcceptResponse extends ResponseExpectations {
  readonly party: PartyTrust;
  /** Default either. */
  readonly require_signed?: RequiredSignature;
  readonly decryptKey?: DecryptKey;
}

/** An ID that must not come again, and until when (unix seconds) it must be remembered. */
export interface OneTimeId {
  readonly id: string;
  readonly expires_at: number;
}

/** A response that passed every check but replay. Only `acceptResponse` makes it. */
export interface AcceptedResponse {
  readonly response_id: string;
  /** The request that it answers; undefined when nobody asked. */
  readonly in_response_to?: string;
  readonly relay_state?: string;
  readonly assertion: Assertion & { readonly authn: AuthnStatement };
  readonly encrypted: boolean;
  /** The caller takes these once, atomically, before anything is minted from the assertion. SAML Profiles 4.1.4.5. */
  readonly one_time_ids: readonly OneTimeId[];
}

function readHead({ response, response_signed }: TrustedResponse): ResponseHead {
  return {
    ...readMessageHead(response),
    in_response_to: attributeOf(response, 'InResponseTo'),
    status: readStatus(response),
    signed: response_signed,
  };
}

/**
 * Checks a response of an identity provider, from the raw message to every value. SAML Profiles 4.1.4.3.
 * @param incoming from `readPost` or `readRedirect`
 * @param expected what is configured for the provider, our own names, the pending request, the time
 * @returns the assertion, its ids still to be taken once by the caller; or the first check that it fails, by name
 */
export async function acceptResponse(
  incoming: IncomingMessage,
  expected: AcceptResponse,
): Promise<Outcome<AcceptedResponse, SamlError>> {
  const trusted = await trustResponse(
    incoming,
    expected.party,
    expected.require_signed ?? 'either',
    expected.decryptKey,
  );
  if (!trusted.ok) return trusted;
  const { assertion: element, encrypted } = trusted.value;
  const head = readHead(trusted.value);
  const refused = firstProblem(responseSteps, { head, expected });
  if (refused) return fail(refused);
  if (!element) return refuse('assertion', 'assertion_missing', 'The response says success but holds no assertion.');
  const read = readAssertion(element);
  if (!read.ok) return read;
  const assertion = read.value;
  const context = { assertion, expected, in_response_to: head.in_response_to ?? null };
  const problem = firstProblem(assertionSteps, context);
  if (problem) return fail(problem);
  const { authn } = assertion;
  // SAML Profiles 4.1.4.2: without an authentication statement nobody says that the user logged in.
  if (!authn) return refuse('authn_statement', 'assertion_missing', 'The assertion has no AuthnStatement.');
  return ok({
    response_id: head.id,
    in_response_to: head.in_response_to,
    relay_state: incoming.relay_state,
    assertion: { ...assertion, authn },
    encrypted,
    one_time_ids: [{ id: assertion.id, expires_at: replayableUntil(context) }],
  });
}
