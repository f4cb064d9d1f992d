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
  name: z.string().min(1).max(50).optional().meta({ description: 'Shown in errors and in the simulator.' }),
  order: z.int().min(0).max(1000).optional().meta({ description: 'Ascending; its place in the list when left out.' }),
  claim_out: claimTypeSchema,
};

const matching = z.enum(['add', 'replace', 'add_if_not', 'replace_if_not', 'remove']);
const mapping = z.enum(['add', 'replace', 'add_if_not_out']);
const oneIn = z.array(claimTypeSchema).length(1);

const constant = z.strictObject({
  ...common,
  type: z.literal('constant'),
  action: z.enum(['add', 'replace', 'add_if_not_out']).default('add'),
  transformation: z.string().max(claimLimits.configuredValue),
});

const matchClaim = z.strictObject({
  ...common,
  type: z.literal('match_claim'),
  action: matching.default('add'),
  claims_in: oneIn.optional(),
  transformation: value.optional(),
});

const match = z.strictObject({
  ...common,
  type: z.literal('match'),
  action: matching.default('add'),
  claims_in: oneIn.optional(),
  transformation: value,
  transformation_extension: value.optional(),
});

const regexMatch = z.strictObject({
  ...common,
  type: z.literal('regex_match'),
  action: matching.default('add'),
  claims_in: oneIn.optional(),
  transformation: expression,
  transformation_extension: value.optional(),
});

const map = z.strictObject({ ...common, type: z.literal('map'), action: mapping.default('add'), claims_in: oneIn });

const regexMap = z.strictObject({
  ...common,
  type: z.literal('regex_map'),
  action: mapping.default('add'),
  claims_in: oneIn,
  transformation: mapExpression,
});

const concatenate = z.strictObject({
  ...common,
  type: z.literal('concatenate'),
  action: z.enum(['add', 'replace', 'add_if_not_out']).default('add'),
  claims_in: z.array(claimTypeSchema).min(1).max(10),
  transformation: value.regex(/\{[0-9]\}/, 'must name at least one input as {0} to {9}'),
});

const oneTransform = z
  .discriminatedUnion('type', [constant, matchClaim, match, regexMatch, map, regexMap, concatenate])
  .superRefine((rule, context) => {
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
