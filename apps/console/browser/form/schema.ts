/** The part of JSON Schema 2020-12 that the API's description uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly writeOnly?: boolean;
}

/** An OpenAPI 3.1 document, as far as forms need it. */
export interface Described {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

interface DescribedOperation {
  readonly requestBody?: { readonly content?: { readonly 'application/json'?: { readonly schema?: Schema } } };
}

/** The schema that a reference stands for; what is said beside the reference counts. */
export const resolve = (described: Described, schema: Schema): Schema => {
  const { $ref, ...own } = schema;
  if ($ref === undefined) return schema;
  const found = described.components.schemas[$ref.replace('#/components/schemas/', '')];
  return found ? { ...resolve(described, found), ...own } : own;
};

/** What an operation takes as its body. */
export const bodySchema = (described: Described, path: string, method: 'post' | 'put'): Schema | undefined => {
  const schema = described.paths[path]?.[method]?.requestBody?.content?.['application/json']?.schema;
  return schema && resolve(described, schema);
};

const choicesIn = (schema: Schema): readonly Schema[] => schema.oneOf ?? schema.anyOf ?? [];

/** The one of a union whose `type` is a certain one. */
export const variantOf = (described: Described, schema: Schema, type: string): Schema | undefined =>
  choicesIn(resolve(described, schema))
    .map((choice) => resolve(described, choice))
    .find(({ properties }) => properties?.['type'] && resolve(described, properties['type']).const === type);

/** How a value is entered. */
export type Control =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'text' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'number'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'texts' }
  | { readonly kind: 'object'; readonly schema: Schema }
  | { readonly kind: 'objects'; readonly item: Schema }
  | { readonly kind: 'json' };

const textsOf = (values: readonly unknown[]): string[] =>
  values.filter((value): value is string => typeof value === 'string');

/** Fields would hide members of names that nobody knows before. */
const hasFixedMembers = ({ properties, additionalProperties }: Schema): boolean =>
  properties !== undefined && typeof additionalProperties !== 'object';

/** Whether every value is a text, though one of several kinds. */
const isText = (described: Described, given: Schema): boolean => {
  const schema = resolve(described, given);
  const choices = choicesIn(schema);
  if (choices.length > 0) return choices.every((choice) => isText(described, choice));
  return schema.type === 'string' || typeof schema.const === 'string';
};

const controlOfItems = (described: Described, items: Schema | undefined): Control => {
  const item = items && resolve(described, items);
  if (item?.enum) return { kind: 'choices', choices: textsOf(item.enum) };
  if (item && isText(described, item)) return { kind: 'texts' };
  return item && hasFixedMembers(item) ? { kind: 'objects', item } : { kind: 'json' };
};

/** Chooses how a value of a schema is entered; what no control is made for is entered as JSON. */
export const controlOf = (described: Described, given: Schema): Control => {
  const schema = resolve(described, given);
  if (schema.const !== undefined) return { kind: 'fixed' };
  if (schema.enum) return { kind: 'choice', choices: textsOf(schema.enum) };
  if (choicesIn(schema).some((choice) => resolve(described, choice).writeOnly)) return { kind: 'secret' };
  switch (schema.type) {
    case 'string':
      return schema.writeOnly ? { kind: 'secret' } : { kind: 'text' };
    case 'boolean':
      return { kind: 'switch' };
    case 'integer':
    case 'number':
      return { kind: 'number', minimum: schema.minimum, maximum: schema.maximum };
    case 'array':
      return controlOfItems(described, schema.items);
    case 'object':
      return hasFixedMembers(schema) ? { kind: 'object', schema } : { kind: 'json' };
    default:
      return isText(described, schema) ? { kind: 'text' } : { kind: 'json' };
  }
};

const spellings: Readonly<Record<string, string>> = {
  uri: 'URI',
  uris: 'URIs',
  url: 'URL',
  id: 'ID',
  jwks: 'JWKS',
  pkce: 'PKCE',
  cors: 'CORS',
  hrd: 'HRD',
  dpop: 'DPoP',
  saml: 'SAML',
  smtp: 'SMTP',
  acs: 'ACS',
  css: 'CSS',
  acr: 'ACR',
  frontchannel: 'front-channel',
  backchannel: 'back-channel',
  totp: 'TOTP',
};

/** What people read for a name of the wire: `redirect_uris` is "Redirect URIs". */
export const labelOf = (name: string): string => {
  const words = name.split('_').map((word) => spellings[word] ?? word);
  const text = words.join(' ');
  return text.slice(0, 1).toUpperCase() + text.slice(1);
};

/** What an entry of a list is known by: its first text, or its place. */
export const titleOf = (value: unknown, at: number): string => {
  const [text] = Object.values(asObject(value)).filter((member) => typeof member === 'string' && member !== '');
  return typeof text === 'string' ? text : `${at + 1}`;
};

export type Json = Record<string, unknown>;

/** The same object with one member changed; undefined takes it away, and the API's default counts. */
export const withMember = (value: Json, name: string, member: unknown): Json => {
  const { [name]: _before, ...rest } = value;
  return member === undefined ? rest : { ...value, [name]: member };
};

/** An object, whatever stands there. */
export const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Whether two values say the same, whatever the order of their members. */
export const isSame = (one: unknown, other: unknown): boolean => {
  const inOrder = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(one, inOrder) === JSON.stringify(other, inOrder);
};
