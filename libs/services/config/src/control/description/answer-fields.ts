import type { JsonSchema } from './json-schemas.js';

/** One member of an answer, as a reference tells of it. */
export interface AnswerField {
  /** From the answer that it is in: `items[].kid`. */
  readonly path: string;
  /** `text`, `list of objects`. */
  readonly type: string;
  readonly description: string;
}

export interface AnswerFieldOptions {
  /** Names of members that are told of elsewhere. */
  readonly closed: readonly string[];
  /** Where the members of a schema are told of already, such as a link; undefined: nowhere. */
  readonly elsewhere: (schema: JsonSchema) => string | undefined;
}

const names: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'true or false',
  null: '`null`',
};

const partsOf = ({ anyOf, oneOf }: JsonSchema): JsonSchema[] => (anyOf ?? oneOf ?? []) as JsonSchema[];

const typeOf = (schema: JsonSchema): string => {
  const { type, items, enum: choice } = schema;
  if (schema['const'] !== undefined) return `\`${String(schema['const'])}\``;
  if (Array.isArray(choice)) return choice.map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'array') return `list of ${typeOf((items ?? {}) as JsonSchema).replace(/^object$/, 'objects')}`;
  const parts = partsOf(schema);
  if (parts.length > 0) return [...new Set(parts.map(typeOf))].join(' or ');
  if (type === 'object') return 'object';
  const types = (Array.isArray(type) ? type : [type]).filter((one): one is string => typeof one === 'string');
  return types.length === 0 ? 'any JSON value' : types.map((one) => names[one] ?? one).join(' or ');
};

/** The objects whose members are told of under a member, and what goes between. */
const inside = (schema: JsonSchema): { readonly schema: JsonSchema; readonly suffix: string } =>
  schema['type'] === 'array' ? { schema: (schema['items'] ?? {}) as JsonSchema, suffix: '[]' } : { schema, suffix: '' };

/** The members of an answer and of what is in them, each once, in the order of their declaration. */
export const answerFields = (schema: JsonSchema, options: AnswerFieldOptions, path = ''): AnswerField[] => {
  const own = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const fields = own.flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const { schema: inner, suffix } = inside(member);
    const other = options.elsewhere(inner);
    const said = typeof member['description'] === 'string' ? member['description'] : '';
    const description = [said, ...(other === undefined ? [] : [other])].filter(Boolean).join(' ');
    const field = { path: at, type: typeOf(member), description };
    const isClosed = other !== undefined || options.closed.includes(name);
    return [field, ...(isClosed ? [] : answerFields(inner, options, `${at}${suffix}`))];
  });
  const alternatives = partsOf(schema).flatMap((part) => answerFields(part, options, path));
  const all = [...fields, ...alternatives];
  return all.filter((field, place) => all.findIndex((other) => other.path === field.path) === place);
};
