import type { SamlError, SamlReason } from './saml-error.js';

/** One row of a table of checks: passes, or says why not. */
export interface CheckStep<C> {
  readonly name: string;
  readonly check: (context: C) => Problem | undefined;
}

/** What a check found. The name of the step is added by whoever runs the table. */
export type Problem = Omit<SamlError, 'step'>;

/** A check's no. */
export function problem(reason: SamlReason, message: string): Problem {
  return { reason, message };
}

/** Runs a table in order. @returns the first refusal */
export function firstProblem<C>(steps: readonly CheckStep<C>[], context: C): SamlError | undefined {
  for (const { name, check } of steps) {
    const found = check(context);
    if (found) return { ...found, step: name };
  }
  return undefined;
}
