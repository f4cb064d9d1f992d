import { z } from 'zod';

/** One setting, as the reference page tells of it. */
export interface Field {
  /** From the part that it is in: `scopes[].voluntary_claims[].claim`. */
  readonly path: string;
  /** What is written: `text`, `list of text`, `one of a, b`. */
  readonly type: string;
  /** As it would be written; undefined: there is none. */
  readonly fallback: string | undefined;
  readonly required: boolean;
  /** Each a phrase: `1 to 50 characters`. */
  readonly limits: readonly string[];
  /** Undefined where a declaration lacks its description. */
  readonly description: string | undefined;
}

/** The part of JSON Schema that our schemas become, and what their own checks say. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly items?: Node;
  readonly prefixItems?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly rules?: readonly string[];
}

interface Check {
  readonly _zod: { readonly def: { readonly error?: (issue: unknown) => unknown; readonly path?: readonly string[] } };
}

/** What the checks of a schema say when they refuse: limits that JSON Schema has no words for. `is ...` are of single values. */
const rulesOf = (schema: z.core.$ZodType): string[] => {
  const checks = (schema._zod.def as { checks?: readonly Check[] }).checks ?? [];
  return checks.flatMap(({ _zod }) => {
    const said = _zod.def.error?.({ input: undefined });
    return typeof said === 'string' ? [[...(_zod.def.path ?? []), said].join(' ')] : [];
  });
};

const nodeOf = (schema: z.ZodType): Node =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const rules = rulesOf(zodSchema);
      if (rules.length > 0) Object.assign(jsonSchema, { rules });
    },
  }) as Node;

const alternatives = (node: Node): readonly Node[] => node.anyOf ?? node.oneOf ?? [];

const literal = (value: unknown): string =>
  typeof value === 'string' ? `\`${value}\`` : `\`${JSON.stringify(value)}\``;

const names: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
};

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

const plural = (type: string): string => ({ object: 'objects', 'any JSON value': 'any JSON values' })[type] ?? type;

const typeOf = (node: Node): string => {
  if (node.const !== undefined) return literal(node.const);
  if (node.enum) return node.enum.map(literal).join(', ');
  if (node.prefixItems) return `[${node.prefixItems.map(typeOf).join(', ')}]`;
  if (node.items) return `list of ${plural(typeOf(node.items))}`;
  const parts = alternatives(node);
  if (parts.length > 0) return distinct(parts.map(typeOf)).join(' or ');
  // A list whose entries are read one by one elsewhere says nothing of them here.
  return names[node.type ?? ''] ?? (node.$ref === undefined ? 'object' : 'any JSON value');
};

const range = (least: number | undefined, most: number | undefined, unit: string): string[] => {
  const after = unit === '' ? '' : ` ${unit}`;
  if (least !== undefined && most !== undefined && most !== Number.MAX_SAFE_INTEGER)
    return [least === most ? `exactly ${least}${after}` : `${least} to ${most}${after}`];
  if (most !== undefined && most !== Number.MAX_SAFE_INTEGER) return [`at most ${most}${after}`];
  return least !== undefined && least > 0 ? [`at least ${least}${after}`] : [];
};

const phrase = (rule: string): string =>
  rule
    .replace(/^must be /, '')
    .replace(/^must consist of /, 'only ')
    .replace(/^must not be /, 'not ')
    .replace(/^must not /, 'may not ');

const limitsOf = (node: Node): string[] => {
  const own = [
    ...range(node.minimum, node.maximum, ''),
    ...range(node.minItems, node.maxItems, node.maxItems === 1 ? 'entry' : 'entries'),
    ...range(node.minLength || undefined, node.maxLength, 'characters'),
    ...(node.format === 'email' ? ['an email address'] : []),
    ...(node.rules ?? []).filter((rule) => !rule.startsWith('is ')).map(phrase),
  ];
  const inner = node.items && node.items.type !== 'object' ? limitsOf(node.items).map((limit) => `each ${limit}`) : [];
  return distinct([...own, ...inner, ...alternatives(node).flatMap(limitsOf)]);
};

const fallbackOf = (value: unknown): string | undefined => {
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return undefined;
  if (value === '' || (Array.isArray(value) && value.length === 0)) return 'empty';
  return literal(value);
};

/** The objects that a value may be; none where it may also be something else, or has members of any name. */
const objectsIn = (node: Node): readonly Node[] => {
  if (node.properties) return node.additionalProperties === false ? [node] : [];
  const parts = alternatives(node).map(objectsIn);
  return parts.every((objects) => objects.length > 0) ? parts.flat() : [];
};

/** Objects in which more settings are: the value itself, or entries of its list. */
const inside = (node: Node): { readonly objects: readonly Node[]; readonly suffix: string } =>
  node.items ? { objects: objectsIn(node.items), suffix: '[].' } : { objects: objectsIn(node), suffix: '.' };

/** The same setting of two kinds of one thing: said once, with what either may be. */
const merged = (fields: readonly Field[]): Field[] => {
  const byPath = new Map<string, Field>();
  for (const field of fields) {
    const known = byPath.get(field.path);
    const type = known && !known.type.includes(field.type) ? `${known.type}, ${field.type}` : known?.type;
    byPath.set(field.path, known ? { ...known, type: type ?? known.type } : field);
  }
  return [...byPath.values()];
};

const fieldsOfNode = (node: Node, prefix: string, closed: readonly string[]): Field[] =>
  Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const field: Field = {
      path,
      type: typeOf(property),
      fallback: fallbackOf(property.default),
      required: (node.required ?? []).includes(name),
      limits: limitsOf(property),
      description: property.description,
    };
    const { objects, suffix } = closed.includes(name) ? { objects: [], suffix: '' } : inside(property);
    return [field, ...merged(objects.flatMap((object) => fieldsOfNode(object, `${path}${suffix}`, closed)))];
  });

/**
 * Every setting of a part of declarative files, those inside of it included, in the order of their declaration.
 * @param schema of an object, as it is written
 * @param closed names of settings that are described elsewhere and not gone into
 */
export const fieldsOf = (schema: z.ZodType, closed: readonly string[] = []): Field[] =>
  fieldsOfNode(nodeOf(schema), '', closed);
