import { fail, ok, type Outcome } from '@corsac/outcome';
import { claimLimits, type Claims, type Json } from './claims.js';
import { ExpressionRun } from './expression.js';
import { limitFault } from './limits.js';
import { protectedTypes } from './protected.js';
import { applyRule, type RuleContext } from './rule.js';
import { inOrder, type ClaimTransform } from './transform-schema.js';
import { valuesOf } from './values.js';

/** One rule's effect, for the simulator and the journey: what the out type held before and after. */
export interface TransformStep {
  /** The rule's name, or its place: `#2`. */
  readonly rule: string;
  readonly type: ClaimTransform['type'];
  readonly action: ClaimTransform['action'];
  readonly claim_out: string;
  readonly before: readonly Json[];
  readonly after: readonly Json[];
  readonly changed: boolean;
}

/** A rule that could not run, by its name. */
export interface TransformFault {
  readonly rule: string;
  readonly message: string;
}

const ruleName = (rule: ClaimTransform, index: number): string => rule.name ?? `#${index + 1}`;

const step = (
  rule: ClaimTransform,
  claims: Claims,
  context: RuleContext,
): Outcome<{ claims: Claims; effect: Omit<TransformStep, 'rule'> }, string> => {
  const next = applyRule(rule, claims, context);
  if (!next) return fail('its regular expression is not valid or is too much work');
  const fault = next === claims ? undefined : limitFault(next, [rule.claim_out], claimLimits.samlType);
  if (fault) return fail(fault);
  const { type, action, claim_out } = rule;
  const [before, after] = [valuesOf(claims, claim_out), valuesOf(next, claim_out)];
  return ok({ claims: next, effect: { type, action, claim_out, before, after, changed: next !== claims } });
};

/**
 * Runs claim transforms in their order, reference 7.2; each sees the result of the previous one. Claims that no rule writes
 * keep their JSON types. Types and values are compared with regard to case, expressions without.
 * @param rules as parsed by `claimTransformsSchema`
 * @param single types that hold one value, so that adding replaces; `protectedSamlTypes` for rules on SAML names
 * @returns the claims and what each rule did, or the rule that failed (`claims` when those given are over the limits): the sign-in
 *   must end with it
 */
export const transformClaims = (
  claims: Claims,
  rules: readonly ClaimTransform[],
  single: readonly string[] = protectedTypes,
): Outcome<{ claims: Claims; trace: TransformStep[] }, TransformFault> => {
  if (rules.length === 0) return ok({ claims, trace: [] });
  const excess = limitFault(claims, Object.keys(claims), claimLimits.samlType);
  if (excess) return fail({ rule: 'claims', message: excess });
  const context: RuleContext = { expressions: new ExpressionRun(), single };
  const trace: TransformStep[] = [];
  let current = claims;
  for (const [index, rule] of inOrder(rules).entries()) {
    const outcome = step(rule, current, context);
    if (!outcome.ok) return fail({ rule: ruleName(rule, index), message: outcome.error });
    trace.push({ rule: ruleName(rule, index), ...outcome.value.effect });
    current = outcome.value.claims;
  }
  return ok({ claims: current, trace });
};
