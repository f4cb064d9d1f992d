import type { CheckStep, Problem } from './check-steps.js';
import { problem } from './check-steps.js';
import type { MessageHead } from './message-parts.js';
import { shown } from './saml-error.js';

/** What must be true of a request or answer that a party sends. Times are unix seconds. */
export interface HeadExpectations {
  /** The entity ID of the party. */
  readonly issuer: string;
  /** The addresses under which we take this message. */
  readonly destinations: readonly string[];
  readonly now: number;
  /** Seconds that clocks may differ; default 60. */
  readonly skew?: number;
  /** Seconds after IssueInstant that a request is still taken; default 900. */
  readonly max_age?: number;
}

/** A head with what is expected of it. */
export interface HeadContext {
  readonly head: MessageHead;
  readonly signed: boolean;
  readonly expected: HeadExpectations;
}

/** Seconds that clocks may differ when nothing else is said. */
export const defaultSkew = 60;

/** Seconds that a request is taken after it was issued when nothing else is said. */
export const defaultMaxAge = 900;

/** Exact comparison: an entity ID is an identifier, not an address. SAML Core 8.3.6. */
export function issuerProblem(actual: string | undefined, expected: string): Problem | undefined {
  if (actual === expected) return undefined;
  return problem('issuer_mismatch', `The issuer is ${shown(actual)}, but the party's entity ID is ${shown(expected)}.`);
}

/** SAML Bindings 3.4.5.2, 3.5.5.2: a signed message says where it goes; where it says so, it must be here. */
export function destinationProblem({ head, signed, expected }: HeadContext): Problem | undefined {
  if (head.destination === undefined) {
    return signed ? problem('destination_mismatch', 'The message is signed but has no Destination.') : undefined;
  }
  if (expected.destinations.includes(head.destination)) return undefined;
  const ours = expected.destinations.map(shown).join(' or ');
  return problem('destination_mismatch', `The Destination is ${shown(head.destination)}, but it arrived at ${ours}.`);
}

/** SAML Core 3.2.1: an old request is not what the user wants now, one from the future is a wrong clock. */
export function issueInstantProblem({ head, expected }: HeadContext): Problem | undefined {
  const { now, skew = defaultSkew, max_age = defaultMaxAge } = expected;
  if (head.issued_at > now + skew) {
    return problem('not_yet_valid', `It was issued ${head.issued_at - now} s in the future: a clock is wrong.`);
  }
  if (head.issued_at + max_age + skew >= now) return undefined;
  return problem('expired', `It was issued ${now - head.issued_at} s ago, more than ${max_age} s.`);
}

/** What is checked of every message whose signature was looked at, in order. */
export const headSteps: readonly CheckStep<HeadContext>[] = [
  { name: 'issuer', check: ({ head, expected }) => issuerProblem(head.issuer, expected.issuer) },
  { name: 'destination', check: destinationProblem },
  { name: 'issue_instant', check: issueInstantProblem },
];
