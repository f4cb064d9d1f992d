import { ok } from '@corsac/outcome';
import { z } from 'zod';
import { everyOperation } from '../description/every-operation.js';
import type { JsonSchema } from '../description/json-schemas.js';
import { openApiOf, type OpenApiDocument } from './openapi.js';
import { operation, type Method, type Operation } from './operation.js';

const options = { base_url: 'https://id.example.com/', version: '1.2.3' };
const operations = everyOperation();
const document = openApiOf(operations, options);

interface Described {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name?: string;
    readonly in?: string;
    readonly required?: boolean;
    readonly $ref?: string;
  }[];
  readonly requestBody?: JsonSchema;
  readonly responses: Readonly<Record<string, JsonSchema>>;
}

const describedIn = (made: OpenApiDocument): { path: string; method: string; described: Described }[] =>
  Object.entries(made.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Described>).map(([method, described]) => ({ path, method, described })),
  );

/** Every object in a value, with the path to it. */
const objectsIn = (value: unknown, at = '#'): { at: string; object: Record<string, unknown> }[] => {
  if (typeof value !== 'object' || value === null) return [];
  const parts = Object.entries(value).flatMap(([key, part]) => objectsIn(part, `${at}/${key}`));
  return Array.isArray(value) ? parts : [{ at, object: value as Record<string, unknown> }, ...parts];
};

const resolve = (whole: unknown, pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[decodeURIComponent(key)], whole);

describe('The OpenAPI document of the Control API', () => {
  it('is JSON, of version 3.1, of the installation that serves it', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
      servers: [{ url: 'https://id.example.com' }],
    });
  });

  it('describes every operation once, by a name of its own', () => {
    const described = describedIn(document);
    const placeOf = ({ path, method }: { path: string; method: string }) => `${method.toUpperCase()} ${path}`;
    expect(described.map(placeOf).sort()).toEqual(operations.map(placeOf).sort());
    const ids = described.map((each) => each.described.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(describedIn(document).map((each) => [each.described.operationId, each] as const))(
    'declares what may be sent with %s',
    (_id, { path, method, described }) => {
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const inPath = described.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name)).toEqual(named);
      expect(inPath.every(({ required }) => required)).toBe(true);
      const keys = described.parameters.map((parameter) => parameter.$ref ?? `${parameter.in} ${parameter.name}`);
      expect(new Set(keys).size).toBe(keys.length);
      if (method === 'get' || method === 'delete') expect(described).not.toHaveProperty('requestBody');
      expect(Object.keys(described.responses).some((status) => status.startsWith('2'))).toBe(true);
      for (const status of ['400', '401', '403', '503']) expect(described.responses).toHaveProperty(status);
    },
  );

  it('refers to nothing that it does not have', () => {
    const references = objectsIn(document).filter(({ object }) => typeof object['$ref'] === 'string');
    const dangling = references.filter(({ object }) => resolve(document, object['$ref'] as string) === undefined);
    expect(dangling).toEqual([]);
    expect(references.length).toBeGreaterThan(operations.length);
  });

  it('asks of each operation for scopes that its tokens can have, under tags that it has', () => {
    const { securitySchemes } = document.components as unknown as {
      securitySchemes: { sign_in: { flows: { authorizationCode: { scopes: Record<string, string> } } } };
    };
    const { scopes } = securitySchemes.sign_in.flows.authorizationCode;
    const tags = (document['tags'] as { name: string }[]).map(({ name }) => name);
    for (const { described } of describedIn(document)) {
      expect(tags).toEqual(expect.arrayContaining([...described.tags]));
      for (const requirement of described.security)
        for (const [scheme, asked] of Object.entries(requirement)) {
          expect(securitySchemes).toHaveProperty(scheme);
          expect(Object.keys(scopes)).toEqual(expect.arrayContaining([...asked]));
        }
    }
  });

  it('has schemas of JSON Schema 2020-12 only: known types, regular expressions that compile, required members that are there', () => {
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    const schemas = Object.values(document.components.schemas).flatMap((schema) => objectsIn(schema));
    for (const { at, object } of schemas) {
      if (/\/(properties|default|examples)$/.test(at)) continue;
      if (typeof object['type'] === 'string') expect(types).toContain(object['type']);
      if (typeof object['pattern'] === 'string')
        expect(() => new RegExp(object['pattern'] as string, 'u')).not.toThrow();
      if (Array.isArray(object['required']) && object['properties'])
        for (const name of object['required'] as string[]) expect(object['properties']).toHaveProperty([name]);
      expect(object).not.toHaveProperty('nullable');
      expect(object).not.toHaveProperty('$defs');
    }
  });

  it('tells what repeats once', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(expect.arrayContaining(['UpParty', 'DownParty', 'Problem', 'AnyJson', 'ClaimTransforms']));
    expect(names.every((name) => /^[A-Za-z0-9._-]+$/.test(name))).toBe(true);
    expect(JSON.stringify(document).length).toBeLessThan(600_000);
  });

  it('offers nobody to send or read how secrets are kept', () => {
    for (const word of ['sealed', 'fingerprint']) expect(JSON.stringify(document)).not.toContain(`"${word}":`);
  });
});

describe('An operation in the OpenAPI document', () => {
  const written = (parts: Partial<Parameters<typeof operation>[0]> & { method: Method }): Operation =>
    operation({
      id: 'tryThing',
      path: '/api/{tenant}/{track}/things/{name}',
      area: 'party',
      summary: 'Tries.',
      run: async () => ok({}),
      ...parts,
    } as Parameters<typeof operation>[0]);
  const describe1 = (...operations: Operation[]) =>
    describedIn(openApiOf(operations, options)).map(({ described }) => described);

  it('says with which conditions it may be called, and where tags come from', () => {
    const [read, put, remove] = describe1(
      written({ id: 'readThing', method: 'GET', answer: z.object({ a: z.string() }) }),
      written({
        id: 'putThing',
        method: 'PUT',
        creates: true,
        body: z.object({}),
        answer: z.object({}),
        refusals: [412],
      }),
      written({ id: 'removeThing', method: 'DELETE', refusals: [412] }),
    );
    const conditionsOf = (described?: Described) =>
      described?.parameters.flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref.split('/').at(-1)]));
    expect([read, put, remove].map(conditionsOf)).toEqual([[], ['IfMatch', 'IfNoneMatch'], ['IfMatch']]);
    expect(read?.responses['200']).toHaveProperty('headers.ETag');
    expect(put?.responses['200']).toHaveProperty('headers.ETag');
    expect(put?.responses['201']).toHaveProperty('headers.Location');
    expect(remove?.responses['204']).not.toHaveProperty('headers');
  });

  it('has a page as its answer where it is a list that says no more', () => {
    const [list] = describe1(
      written({ method: 'GET', query: z.strictObject({ limit: z.coerce.number().default(5) }) }),
    );
    expect(list?.parameters.at(-1)).toMatchObject({
      in: 'query',
      name: 'limit',
      required: false,
      schema: { default: 5 },
    });
    expect(list?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { required: ['items'] } } },
    });
  });

  it.each([
    ['a body that is computed', z.string().transform((text) => text.length), { type: 'string' }],
    ['a body that is made fit first', z.preprocess((value) => value, z.string()), { type: 'string' }],
    ['a body with a rule of its own', z.custom<string>(() => true), {}],
    ['a body that may be anything', z.unknown(), {}],
    ['a body of bytes', z.instanceof(Uint8Array), {}],
    ['a date', z.date(), {}],
    ['a number that is too large for JSON', z.bigint(), {}],
    [
      'a codec',
      z.codec(z.string(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
      { type: 'string' },
    ],
    ['a union', z.union([z.string(), z.undefined()]), { anyOf: [{ type: 'string' }, {}] }],
  ])('tells of %s only what is true', (_what, body, schema) => {
    const [described] = describe1(written({ method: 'PUT', body }));
    expect(described?.requestBody).toMatchObject({ content: { 'application/json': { schema } } });
  });

  it('tells of a schema that holds itself', () => {
    interface Tree {
      readonly below?: Tree[] | undefined;
    }
    const tree: z.ZodType<Tree> = z.object({ below: z.lazy(() => z.array(tree)).optional() });
    const made = openApiOf([written({ method: 'PUT', body: tree, answer: tree })], options);
    const references = objectsIn(made).filter(({ object }) => typeof object['$ref'] === 'string');
    expect(references.filter(({ object }) => resolve(made, object['$ref'] as string) === undefined)).toEqual([]);
  });

  it('shows of secrets what callers send and see', () => {
    const made = openApiOf(operations, options);
    const text = JSON.stringify(made.components.schemas);
    expect(text).toContain('"writeOnly":true');
  });
});
