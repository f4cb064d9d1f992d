import { sealableInputSchema, secretInputSchema } from '@corsac/model';
import { z } from 'zod';

/** A JSON Schema (2020-12). */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Whether a schema is of what callers send or of what they are answered. */
export type Direction = 'sent' | 'answered';

const info = { type: 'string', maxLength: 3, description: 'Its first characters.' };

/** A secret that is kept sealed: what is checked before it is kept is not what callers send. */
const sealable: Readonly<Record<Direction, JsonSchema>> = {
  sent: {
    description:
      'A new secret as text. As it was shown, or left out: the one that is there stays. `null`: there is none any more.',
    anyOf: [
      { type: 'string', minLength: 1, maxLength: 300, writeOnly: true },
      { type: 'object', properties: { info }, additionalProperties: false },
      { type: 'null' },
    ],
  },
  answered: { type: 'object', properties: { info }, required: ['info'] },
};

/** A client's secret, of which only a hash is kept. */
const shownSecret = {
  type: 'object',
  properties: { id: { type: 'string' }, info, created_at: { type: 'integer', description: 'Seconds since 1970.' } },
  required: ['id', 'info'],
};
const hashed: Readonly<Record<Direction, JsonSchema>> = {
  sent: {
    description: 'Of a new party, the secret as text. Of one that is there, the secret as it was shown.',
    anyOf: [{ type: 'string', minLength: 1, maxLength: 300, writeOnly: true }, shownSecret],
  },
  answered: shownSecret,
};

/** Schemas whose values callers see in another form than the one that is validated. */
const others = new Map<z.core.$ZodType, Readonly<Record<Direction, JsonSchema>>>([
  [sealableInputSchema, sealable],
  [secretInputSchema, hashed],
]);

const replace = (target: JsonSchema, by: JsonSchema): void => {
  const { description, default: fallback } = target;
  for (const keyword of Object.keys(target)) Reflect.deleteProperty(target, keyword);
  Object.assign(target, by, {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
  });
};

/** Links of the descriptions lead to places of a page that readers of a schema do not have. */
const withoutLinks = (text: string): string => text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');

/**
 * The JSON Schema of what a schema takes or gives. What JSON Schema cannot say, such as a value that is computed, is left
 * open: it is never narrower than what is valid.
 * @returns a schema that refers to nothing but its own `$defs`
 */
export const jsonSchemaOf = (schema: z.ZodType, direction: Direction): JsonSchema => {
  const known = made[direction].get(schema) ?? convert(schema, direction);
  made[direction].set(schema, known);
  return known;
};

/** The large ones take a tenth of a second, and several operations have the same. */
const made: Readonly<Record<Direction, WeakMap<z.ZodType, JsonSchema>>> = {
  sent: new WeakMap(),
  answered: new WeakMap(),
};

const convert = (schema: z.ZodType, direction: Direction): JsonSchema => {
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, {
    io: direction === 'sent' ? 'input' : 'output',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      const other = others.get(zodSchema);
      if (other) replace(jsonSchema as JsonSchema, other[direction]);
      if (typeof jsonSchema.description === 'string') jsonSchema.description = withoutLinks(jsonSchema.description);
    },
  }) as JsonSchema;
  return withNamedSelf(converted);
};

const self = '#/$defs/self';

/** A schema that holds itself refers to its root, which is another one once it is part of a document. */
const withNamedSelf = (schema: JsonSchema): JsonSchema => {
  const text = JSON.stringify(schema);
  const named = text.replaceAll('"$ref":"#"', `"$ref":"${self}"`);
  if (named === text) return schema;
  const { $defs = {}, ...own } = JSON.parse(named) as JsonSchema & { $defs?: object };
  return { $ref: self, $defs: { ...$defs, self: own } };
};
