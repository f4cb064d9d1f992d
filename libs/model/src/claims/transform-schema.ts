import { z } from 'zod';
import { claimLimits, claimTypeSchema } from './claims.js';
import { expressionFault, hasMapGroup } from './expression.js';

/** Longest expression or text of a rule, in characters. */
const maxExpression = 300;

const expression = z
  .string()
  .min(1)
  .max(maxExpression)
  .superRefine((text, context) => {
    const fault = expressionFault(text);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });

const mapExpression = expression.refine((text) => expressionFault(text) !== undefined || hasMapGroup(text), {
  message: 'must have a group named map: (?<map>...)',
});

const value = z.string().max(maxExpression);

const common = {
  name: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .describe('What the log and the record of a journey call the rule. Left out: its place, `#1`.'),
  order: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('Rules run in ascending order. Left out: its place in the list; the first is 0.'),
  claim_out: claimTypeSchema.describe('The claim that the rule writes.'),
};

const matching = z.enum(['add', 'replace', 'add_if_not', 'replace_if_not', 'remove']);
const mapping = z.enum(['add', 'replace', 'add_if_not_out']);
const oneIn = z.array(claimTypeSchema).length(1);

const constant = z.strictObject({
  ...common,
  type: z.literal('constant').describe('Issues a fixed value.'),
  action: z
    .enum(['add', 'replace', 'add_if_not_out'])
    .default('add')
    .describe(
      '`add`: beside the values that are there. `replace`: in place of them. `add_if_not_out`: only when there are none.',
    ),
  transformation: z.string().max(claimLimits.configuredValue).describe('The value.'),
});

const matchClaim = z.strictObject({
  ...common,
  type: z.literal('match_claim').describe('Issues a fixed value when a claim is there.'),
  action: matching
    .default('add')
    .describe(
      '`add`, `replace`: issue the result for every value that matched. `add_if_not`, `replace_if_not`: issue it when none did. `remove`: takes matching values out of `claim_out` itself.',
    ),
  claims_in: oneIn.optional().describe('The claim that is looked at. Required unless `action` is `remove`.'),
  transformation: value.optional().describe('The value to issue. Required unless `action` is `remove`.'),
});

const match = z.strictObject({
  ...common,
  type: z.literal('match').describe('Issues a fixed value when a claim has a certain one.'),
  action: matching
    .default('add')
    .describe(
      '`add`, `replace`: issue the result for every value that matched. `add_if_not`, `replace_if_not`: issue it when none did. `remove`: takes matching values out of `claim_out` itself.',
    ),
  claims_in: oneIn.optional().describe('The claim that is looked at. Required unless `action` is `remove`.'),
  transformation: value.describe('The value that is looked for, with regard to case.'),
  transformation_extension: value.optional().describe('The value to issue. Required unless `action` is `remove`.'),
});

const regexMatch = z.strictObject({
  ...common,
  type: z.literal('regex_match').describe('Issues a fixed value when a value of a claim matches a regular expression.'),
  action: matching
    .default('add')
    .describe(
      '`add`, `replace`: issue the result for every value that matched. `add_if_not`, `replace_if_not`: issue it when none did. `remove`: takes matching values out of `claim_out` itself.',
    ),
  claims_in: oneIn.optional().describe('The claim that is looked at. Required unless `action` is `remove`.'),
  transformation: expression.describe(
    'The regular expression (RE2), found anywhere in the value without regard to case.',
  ),
  transformation_extension: value.optional().describe('The value to issue. Required unless `action` is `remove`.'),
});

const map = z.strictObject({
  ...common,
  type: z.literal('map').describe('Gives the values of a claim another name as well.'),
  action: mapping
    .default('add')
    .describe(
      '`add`: beside the values that are there. `replace`: in place of them. `add_if_not_out`: only when there are none.',
    ),
  claims_in: oneIn.describe('The claim whose values are taken.'),
});

const regexMap = z.strictObject({
  ...common,
  type: z.literal('regex_map').describe('Issues a part of each value of a claim, found by a regular expression.'),
  action: mapping
    .default('add')
    .describe(
      '`add`: beside the values that are there. `replace`: in place of them. `add_if_not_out`: only when there are none.',
    ),
  claims_in: oneIn.describe('The claim whose values are looked at.'),
  transformation: mapExpression.describe(
    'The regular expression (RE2, without regard to case); its group `(?<map>...)` is what is issued.',
  ),
});

const concatenate = z.strictObject({
  ...common,
  type: z.literal('concatenate').describe('Puts the first values of several claims into one text.'),
  action: z
    .enum(['add', 'replace', 'add_if_not_out'])
    .default('add')
    .describe(
      '`add`: beside the values that are there. `replace`: in place of them. `add_if_not_out`: only when there are none.',
    ),
  claims_in: z
    .array(claimTypeSchema)
    .min(1)
    .max(10)
    .describe('The claims; the rule does nothing when all of them are missing.'),
  transformation: value
    .regex(/\{[0-9]\}/, 'must name at least one input as {0} to {9}')
    .describe('The text, with `{0}` for the first claim to `{9}` for the tenth; a missing one is empty.'),
});

/** The kinds of rule. */
export const claimRules = [constant, matchClaim, match, regexMatch, map, regexMap, concatenate] as const;

const oneTransform = z.discriminatedUnion('type', claimRules).superRefine((rule, context) => {
  const [field, fault] = missingPart(rule) ?? [];
  if (field && fault) context.addIssue({ code: 'custom', path: [field], message: fault });
});

/** What a rule of the matching kinds needs for its action: `remove` reads the out type only, the others need an input and a result. */
const missingPart = (rule: ClaimTransform): [string, string] | undefined => {
  if (rule.type !== 'match_claim' && rule.type !== 'match' && rule.type !== 'regex_match') return undefined;
  if (rule.action === 'remove') return undefined;
  if (!rule.claims_in) return ['claims_in', 'is required unless action is remove'];
  if (rule.type === 'match_claim') {
    return rule.transformation === undefined ? ['transformation', 'is required unless action is remove'] : undefined;
  }
  if (rule.transformation_extension !== undefined) return undefined;
  return ['transformation_extension', 'is required unless action is remove'];
};

/**
 * An ordered list of claim transforms, reference 7.2. On a match kind `transformation` is what is looked for and
 * `transformation_extension` what is issued; on `concatenate` it is a format with `{0}` to `{9}`.
 */
export const claimTransformsSchema = z
  .array(oneTransform)
  .max(100)
  .superRefine((rules, context) => {
    for (const field of ['name', 'order'] as const) {
      rules.forEach((rule, index) => {
        const same = rule[field] !== undefined && rules.findIndex((other) => other[field] === rule[field]) < index;
        if (same)
          context.addIssue({ code: 'custom', path: [index, field], message: `is the ${field} of another rule too` });
      });
    }
  });

/** One rule as parsed. */
export type ClaimTransform =
  | z.output<typeof constant>
  | z.output<typeof matchClaim>
  | z.output<typeof match>
  | z.output<typeof regexMatch>
  | z.output<typeof map>
  | z.output<typeof regexMap>
  | z.output<typeof concatenate>;

/** The rules in the order in which they run: by `order`, a rule without one counts as its place in the list (first is 0). */
export const inOrder = (rules: readonly ClaimTransform[]): ClaimTransform[] =>
  rules
    .map((rule, index) => ({ rule, index, order: rule.order ?? index }))
    .sort((a, b) => a.order - b.order || a.index - b.index)
    .map(({ rule }) => rule);
