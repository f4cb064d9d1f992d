import { nameSchema } from '@corsac/model';
import type { Operation } from '../api/operation.js';
import { jsonSchemaOf, type JsonSchema } from './json-schemas.js';
import { takesConditions } from './statuses.js';

const places: Readonly<Record<string, string>> = {
  tenant: 'Name of the tenant.',
  track: 'Name of the track; `-` is the first one.',
};

/** What a name in a path stands for; of a thing the word before it says that: `users/{user_id}`. */
export const meaningOf = (path: string, name: string): string => {
  const segments = path.split('/');
  return places[name] ?? `Which one of \`${segments[segments.indexOf(`{${name}}`) - 1]}\`.`;
};

/** Names in a path, in their order. */
export const namesIn = (path: string): string[] => [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);

/** A member of a query, as documents tell of it. */
export interface QueryMember {
  readonly name: string;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: JsonSchema;
}

/** Members of the query that an operation takes. */
export const queryOf = ({ query }: Pick<Operation, 'query'>): QueryMember[] => {
  if (!query) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(query, 'sent') as {
    properties?: Record<string, JsonSchema>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    required: required.includes(name),
    description: description as string | undefined,
    schema,
  }));
};

const header = (name: string, description: string): JsonSchema => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});

/** Headers of conditions, RFC 9110 13.1. */
export const sharedParameters = {
  IfMatch: header('If-Match', 'The `ETag` with which the thing was read. 412 when it has been changed since.'),
  IfNoneMatch: header('If-None-Match', '`*`: only when it is not there. 412 when it is.'),
};

/** `parameters` of an operation in an OpenAPI document. */
export const parametersOf = (operation: Operation): JsonSchema[] => {
  const { path, method } = operation;
  const inPath = namesIn(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    description: meaningOf(path, name),
    schema: name in places ? jsonSchemaOf(nameSchema, 'sent') : { type: 'string', minLength: 1 },
  }));
  const inQuery = queryOf(operation).map(({ name, required, description, schema }) => ({
    name,
    in: 'query',
    required,
    ...(description !== undefined && { description }),
    schema,
  }));
  const conditions = takesConditions(operation) ? ['IfMatch', ...(method === 'PUT' ? ['IfNoneMatch'] : [])] : [];
  return [...inPath, ...inQuery, ...conditions.map((name) => ({ $ref: `#/components/parameters/${name}` }))];
};
