import type { Claims, Json } from './claims.js';
import type { ExpressionRun } from './expression.js';
import { typedText } from './protected.js';
import type { ClaimTransform } from './transform-schema.js';
import { isArrayClaim, textOf, valuesOf, withValues } from './values.js';

/** What a rule runs with besides the claims. */
export interface RuleContext {
  readonly expressions: ExpressionRun;
  /** Types that hold one value, so that adding replaces. */
  readonly single: readonly string[];
}

/** What a rule found in its inputs: values to issue, whether it matched at all, and whether they came as an array. */
interface Found {
  readonly results: readonly Json[];
  readonly matched: boolean;
  readonly array?: boolean;
}

type Of<T extends ClaimTransform['type']> = Extract<ClaimTransform, { type: T }>;
type Matching = Of<'match_claim' | 'match' | 'regex_match'>;

const inputs = (rule: { claims_in?: readonly string[] | undefined }, claims: Claims): readonly Json[] =>
  (rule.claims_in ?? []).flatMap((type) => valuesOf(claims, type));

/** Tells whether a value is what a match rule looks for. `match_claim` is content with any. */
const isWanted = (rule: Matching, value: Json, { expressions }: RuleContext): boolean | undefined => {
  if (rule.type === 'match_claim') return true;
  if (rule.type === 'match') return textOf(value) === rule.transformation;
  return expressions.matches(rule.transformation, textOf(value));
};

const issuedBy = (rule: Matching): Json =>
  typedText(rule.claim_out, (rule.type === 'match_claim' ? rule.transformation : rule.transformation_extension) ?? '');

const findMatches = (rule: Matching, claims: Claims, context: RuleContext): Found | undefined => {
  const wanted = inputs(rule, claims).map((value) => isWanted(rule, value, context));
  if (wanted.includes(undefined)) return undefined;
  const results = wanted.filter((hit) => hit === true).map(() => issuedBy(rule));
  return { results, matched: results.length > 0 };
};

const findGroups = (rule: Of<'regex_map'>, claims: Claims, { expressions }: RuleContext): Found | undefined => {
  const groups = inputs(rule, claims).map((value) => expressions.mapGroup(rule.transformation, textOf(value)));
  if (groups.includes(undefined)) return undefined;
  const results = groups.filter((group) => typeof group === 'string').map((group) => typedText(rule.claim_out, group));
  return { results, matched: results.length > 0 };
};

/** The first value of each input in its place of the format, a missing one as nothing; no result when all are missing. */
const concatenate = (rule: Of<'concatenate'>, claims: Claims): Found => {
  const firsts = rule.claims_in.map((type) => valuesOf(claims, type)[0]);
  if (firsts.every((value) => value === undefined)) return { results: [], matched: false };
  const text = rule.transformation.replace(/\{([0-9])\}/g, (_whole, digit: string) => {
    const value = firsts[Number(digit)];
    return value === undefined ? '' : textOf(value);
  });
  return { results: [typedText(rule.claim_out, text)], matched: true };
};

const find = (rule: ClaimTransform, claims: Claims, context: RuleContext): Found | undefined => {
  switch (rule.type) {
    case 'constant':
      return { results: [typedText(rule.claim_out, rule.transformation)], matched: true };
    case 'map':
      return { results: inputs(rule, claims), matched: true, array: isArrayClaim(claims, rule.claims_in[0]!) };
    case 'regex_map':
      return findGroups(rule, claims, context);
    case 'concatenate':
      return concatenate(rule, claims);
    default:
      return findMatches(rule, claims, context);
  }
};

/** Replacing by nothing changes nothing, reference 7.2. */
const replace = (claims: Claims, type: string, { results, array }: Found): Claims =>
  results.length === 0 ? claims : withValues(claims, type, results, array ?? isArrayClaim({}, type));

const add = (claims: Claims, type: string, found: Found, { single }: RuleContext): Claims => {
  const present = valuesOf(claims, type);
  if (present.length === 0 || single.includes(type)) return replace(claims, type, found);
  return found.results.length === 0 ? claims : withValues(claims, type, [...present, ...found.results]);
};

/** `remove` looks at the out type alone: all of it, the equal values, or the matching ones. */
const remove = (rule: Matching, claims: Claims, context: RuleContext): Claims | undefined => {
  const present = valuesOf(claims, rule.claim_out);
  const gone = present.map((value) => isWanted(rule, value, context));
  if (gone.includes(undefined)) return undefined;
  if (!gone.includes(true)) return claims;
  return withValues(
    claims,
    rule.claim_out,
    present.filter((_value, index) => !gone[index]),
  );
};

/** The result of a rule whose match failed. */
const otherwise = (rule: ClaimTransform): Found => ({ results: [issuedBy(rule as Matching)], matched: false });

/**
 * Runs one rule, reference 7.2.
 * @returns the claims after it, the same object when it changed nothing, or undefined when its expression could not be run
 */
export const applyRule = (rule: ClaimTransform, claims: Claims, context: RuleContext): Claims | undefined => {
  if (rule.action === 'remove') return remove(rule, claims, context);
  const found = find(rule, claims, context);
  if (!found) return undefined;
  switch (rule.action) {
    case 'add':
      return add(claims, rule.claim_out, found, context);
    case 'replace':
      return replace(claims, rule.claim_out, found);
    case 'add_if_not':
      return found.matched ? claims : add(claims, rule.claim_out, otherwise(rule), context);
    case 'replace_if_not':
      return found.matched ? claims : replace(claims, rule.claim_out, otherwise(rule));
    case 'add_if_not_out':
      return valuesOf(claims, rule.claim_out).length > 0 ? claims : replace(claims, rule.claim_out, found);
  }
};
