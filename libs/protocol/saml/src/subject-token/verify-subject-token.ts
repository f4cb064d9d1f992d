import type { Outcome } from '@corsac/outcome';
import { fail, ok } from '@corsac/outcome';
import { firstProblem } from '../check-steps.js';
import { readAssertion } from '../response/read-assertion.js';
import type { Assertion } from '../response/assertion.js';
import type { AssertionExpectations } from '../response/response-steps.js';
import { assertionSteps, replayableUntil } from '../response/response-steps.js';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import { openDocument } from '../trust/open-document.js';
import type { PartyTrust } from '../trust/trust-message.js';
import { signatureTrust } from '../trust/trust-message.js';
import { verifySignature } from '../trust/verify-signature.js';
import { messageLimits } from '../xml/limits.js';
import type { XmlElement } from '../xml/xml-element.js';

/** What an assertion says of itself before anything is verified: good for finding the trust, for nothing else. */
export interface UnverifiedSubjectToken {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** The trust under which a SAML assertion is exchanged. */
export interface SubjectTokenExpectations extends AssertionExpectations {
  readonly party: PartyTrust;
}

/** An assertion that passed every check but use by somebody before. */
export interface VerifiedSubjectToken {
  readonly assertion: Assertion;
  /** Remember who presented the ID until then (unix seconds): nobody else may, and perhaps not the same client again. */
  readonly one_time_id: { readonly id: string; readonly expires_at: number };
  /** The assertion itself forbids a second use. SAML Core 2.5.1.5. */
  readonly one_time_use: boolean;
  /** When the assertion ends, unix seconds; what is issued for it need not outlive it. */
  readonly not_on_or_after: number;
}

/** RFC 8693 3: base64url of the assertion. Raw XML is taken too; it starts with `<`, which base64url never does. */
function open(token: string): Outcome<XmlElement, SamlError> {
  const trimmed = token.trim();
  if (!trimmed.startsWith('<') && !/^[A-Za-z0-9_-]+={0,2}$/.test(trimmed)) {
    return refuse('token', 'binding_invalid', 'The subject token is neither base64url nor XML.');
  }
  const source = trimmed.startsWith('<') ? trimmed : Buffer.from(trimmed, 'base64url');
  return openDocument(source, { roots: ['saml:Assertion'], limits: messageLimits });
}

/**
 * Looks into a SAML assertion to find out which trust it may belong to.
 * @returns what is said there, unverified
 */
export function peekSamlSubjectToken(token: string): Outcome<UnverifiedSubjectToken, SamlError> {
  const opened = open(token);
  if (!opened.ok) return opened;
  const read = readAssertion(opened.value);
  if (!read.ok) return read;
  const { issuer, conditions } = read.value;
  return ok({ issuer, audiences: conditions?.audience_restrictions.flat() ?? [] });
}

/**
 * Verifies a SAML assertion that is presented as subject token. RFC 8693 2.1, 3. Its own signature is required; conditions
 * govern its life, so without an end it is refused; the recipient must be one of the trust's.
 * @param token base64url or raw XML
 * @param expected the trust and the time; `accept_confirmed` takes a confirmation that has run out
 */
export function verifySamlSubjectToken(
  token: string,
  expected: SubjectTokenExpectations,
): Outcome<VerifiedSubjectToken, SamlError> {
  const opened = open(token);
  if (!opened.ok) return opened;
  const verified = verifySignature(opened.value, signatureTrust(expected.party));
  if (!verified.ok) return verified;
  const read = readAssertion(verified.value);
  if (!read.ok) return read;
  const assertion = read.value;
  const context = { assertion, expected };
  const problem = firstProblem(assertionSteps, context);
  if (problem) return fail(problem);
  const not_on_or_after = assertion.conditions?.not_on_or_after;
  if (not_on_or_after === undefined) return refuse('window', 'expired', 'The conditions of the assertion name no end.');
  return ok({
    assertion,
    one_time_id: { id: assertion.id, expires_at: replayableUntil(context) },
    one_time_use: assertion.conditions?.one_time_use ?? false,
    not_on_or_after,
  });
}
