import type { CheckStep, Problem } from '../check-steps.js';
import { problem } from '../check-steps.js';
import { bearer, statusCodes } from '../names.js';
import { defaultSkew, destinationProblem, issuerProblem } from '../request-steps.js';
import { shown } from '../saml-error.js';
import type { SamlStatus } from '../status.js';
import type { MessageHead } from '../message-parts.js';
import type { Assertion, SubjectConfirmation } from './assertion.js';

/** What must be true of an assertion, whoever brought it. */
export interface AssertionExpectations {
  /** The entity ID of the identity provider. */
  readonly issuer: string;
  /** Our own entity ID towards it. */
  readonly audience: string;
  /** The addresses that the assertion may have been sent to. */
  readonly recipients: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  /** Seconds that clocks may differ; default 60. */
  readonly skew?: number;
  /** Take a confirmation that has run out: the assertion was confirmed to its first recipient. Token exchange only. */
  readonly accept_confirmed?: boolean;
}

/** What must be true of a response. */
export interface ResponseExpectations extends Omit<AssertionExpectations, 'accept_confirmed'> {
  /** The ID of the AuthnRequest that this browser waits for; undefined when it waits for none. */
  readonly pending_request_id: string | undefined;
  /** Take a response that nobody asked for. */
  readonly allow_unsolicited?: boolean;
}

/** A response head; without one the assertion came alone. */
export interface ResponseHead extends MessageHead {
  readonly in_response_to?: string;
  readonly status: SamlStatus;
  readonly signed: boolean;
}

/** What the checks of an assertion see. */
export interface AssertionContext {
  readonly assertion: Assertion;
  readonly expected: AssertionExpectations;
  /** What InResponseTo must be: a value, `null` for nothing at all, undefined when it does not matter. */
  readonly in_response_to?: string | null;
}

/** What the checks of a response see. */
export interface ResponseContext {
  readonly head: ResponseHead;
  readonly expected: ResponseExpectations;
}

const skewOf = ({ skew = defaultSkew }: AssertionExpectations): number => skew;

/** The end of a window, with skew: NotOnOrAfter itself is outside. SAML Core 2.5.1.2. */
export const isOver = (end: number, expected: AssertionExpectations): boolean => expected.now >= end + skewOf(expected);

const isBefore = (start: number, expected: AssertionExpectations): boolean => expected.now + skewOf(expected) < start;

function responseIssuer({ head, expected }: ResponseContext): Problem | undefined {
  // SAML Core 3.2.2 lets a response that is not signed leave its issuer out; the assertion still has one.
  return head.issuer === '' && !head.signed ? undefined : issuerProblem(head.issuer, expected.issuer);
}

function status({ head }: ResponseContext): Problem | undefined {
  const { code, sub_code, message } = head.status;
  if (code === statusCodes.success) return undefined;
  const text = `The identity provider answered ${shown(code)}, ${shown(sub_code)}, message ${shown(message)}.`;
  return { ...problem('status_not_success', text), status: head.status };
}

function responseDestination({ head, expected }: ResponseContext): Problem | undefined {
  const { issuer, now, recipients } = expected;
  return destinationProblem({ head, signed: head.signed, expected: { issuer, now, destinations: recipients } });
}

function responseInResponseTo({ head, expected }: ResponseContext): Problem | undefined {
  const { pending_request_id: pending, allow_unsolicited } = expected;
  const actual = head.in_response_to;
  if (actual !== undefined && actual === pending) return undefined;
  if (actual === undefined && allow_unsolicited) return undefined;
  const waiting = pending === undefined ? 'no request is pending' : `the pending request is ${shown(pending)}`;
  return problem('in_response_to_mismatch', `InResponseTo is ${shown(actual)}, but ${waiting}.`);
}

/** Of a response, in order; then those of its assertion. SAML Profiles 4.1.4.3. */
export const responseSteps: readonly CheckStep<ResponseContext>[] = [
  { name: 'issuer', check: responseIssuer },
  { name: 'status', check: status },
  { name: 'destination', check: responseDestination },
  { name: 'in_response_to', check: responseInResponseTo },
];

/** Why one confirmation does not confirm. SAML Profiles 4.1.4.3: bearer, for us, for this request, still in time. */
function confirmationProblem(confirmation: SubjectConfirmation, context: AssertionContext): Problem | undefined {
  const { expected, in_response_to: wanted } = context;
  const { recipient, in_response_to, not_before, not_on_or_after } = confirmation;
  if (recipient === undefined || !expected.recipients.includes(recipient)) {
    const ours = expected.recipients.map(shown).join(' or ');
    return problem('recipient_mismatch', `The Recipient is ${shown(recipient)}, expected ${ours}.`);
  }
  if (wanted !== undefined && (in_response_to ?? null) !== wanted) {
    const text = `The confirmation is InResponseTo ${shown(in_response_to)}, expected ${shown(wanted ?? undefined)}.`;
    return problem('in_response_to_mismatch', text);
  }
  if (not_before !== undefined)
    return problem('confirmation_missing', 'A bearer confirmation must not have NotBefore.');
  if (not_on_or_after === undefined)
    return problem('confirmation_missing', 'A bearer confirmation must have NotOnOrAfter.');
  if (expected.accept_confirmed || !isOver(not_on_or_after, expected)) return undefined;
  return problem('expired', `The confirmation ended ${expected.now - not_on_or_after} s ago.`);
}

function confirmation(context: AssertionContext): Problem | undefined {
  const bearers = context.assertion.confirmations.filter(({ method }) => method === bearer);
  const problems = bearers.map((one) => confirmationProblem(one, context));
  if (problems.includes(undefined)) return undefined;
  return problems[0] ?? problem('confirmation_missing', 'The assertion has no bearer subject confirmation.');
}

function audience({ assertion, expected }: AssertionContext): Problem | undefined {
  const restrictions = assertion.conditions?.audience_restrictions ?? [];
  if (restrictions.length > 0 && restrictions.every((audiences) => audiences.includes(expected.audience)))
    return undefined;
  const named = restrictions.flat().slice(0, 5).map(shown).join(', ');
  return problem(
    'audience_mismatch',
    `The audience is ${named || 'none'}, but our entity ID is ${shown(expected.audience)}.`,
  );
}

function window({ assertion, expected }: AssertionContext): Problem | undefined {
  const { not_before, not_on_or_after } = assertion.conditions ?? {};
  if (not_before !== undefined && isBefore(not_before, expected)) {
    return problem('not_yet_valid', `The assertion is valid in ${not_before - expected.now} s: a clock is wrong.`);
  }
  if (isBefore(assertion.issued_at, expected)) {
    return problem(
      'not_yet_valid',
      `The assertion is issued ${assertion.issued_at - expected.now} s in the future: a clock is wrong.`,
    );
  }
  if (not_on_or_after === undefined || !isOver(not_on_or_after, expected)) return undefined;
  return problem('expired', `The assertion ended ${expected.now - not_on_or_after} s ago.`);
}

/** SAML Core 2.7.2. That there must be one is said where a login is accepted. */
function authnStatement({ assertion, expected }: AssertionContext): Problem | undefined {
  const { authn } = assertion;
  if (!authn) return undefined;
  if (isBefore(authn.instant, expected)) {
    return problem('not_yet_valid', `The login is ${authn.instant - expected.now} s in the future: a clock is wrong.`);
  }
  if (authn.session_not_on_or_after === undefined || !isOver(authn.session_not_on_or_after, expected)) return undefined;
  return problem('expired', 'The session at the identity provider has ended.');
}

/** Of an assertion, in order. Replay, the last check, is the caller's: it needs a store. SAML Profiles 4.1.4.3, 4.1.4.5. */
export const assertionSteps: readonly CheckStep<AssertionContext>[] = [
  { name: 'assertion_issuer', check: ({ assertion, expected }) => issuerProblem(assertion.issuer, expected.issuer) },
  { name: 'confirmation', check: confirmation },
  { name: 'audience', check: audience },
  { name: 'window', check: window },
  { name: 'authn_statement', check: authnStatement },
];

/** Until when an assertion that passed could be presented again, so how long its ID must be remembered. Unix seconds. */
export function replayableUntil({ assertion, expected }: AssertionContext): number {
  const confirmed = Math.max(
    ...assertion.confirmations.map(({ not_on_or_after }) => not_on_or_after ?? 0),
    expected.now,
  );
  const end = assertion.conditions?.not_on_or_after;
  const last = expected.accept_confirmed ? (end ?? Infinity) : Math.min(end ?? Infinity, confirmed);
  return last + skewOf(expected);
}
