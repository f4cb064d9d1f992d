import { z } from 'zod';
import { answerFields } from './answer-fields.js';
import { Components } from './components.js';
import { jsonSchemaOf, type JsonSchema } from './json-schemas.js';
import { rightsFor, scopesFor, smallestRight } from './rights.js';

describe('Schemas that repeat', () => {
  const long = (meaning: string): JsonSchema => ({
    type: 'object',
    properties: { a: { type: 'string', description: meaning.repeat(300) } },
  });
  const componentsOf = (...schemas: JsonSchema[]): { components: Components; referred: JsonSchema[] } => {
    const components = new Components();
    for (const schema of schemas) components.note(schema);
    return { components, referred: schemas.map((schema) => components.refer(schema, 'Thing')) };
  };
  const within = (name: string, part: JsonSchema): JsonSchema => ({ type: 'object', properties: { [name]: part } });

  it('stand once and are referred to, by the name of the member that they were found at', () => {
    const { components, referred } = componentsOf(
      within('the_part', long('x')),
      within('other', { type: 'array', items: long('x') }),
    );
    expect(Object.keys(components.schemas())).toEqual(['ThePart']);
    expect(referred[0]).toEqual(within('the_part', { $ref: '#/components/schemas/ThePart' }));
    expect(referred[1]).toMatchObject({
      properties: { other: { items: { $ref: '#/components/schemas/ThePart' } } },
    });
  });

  it('are called by what they are in too where others have their name, and are numbered after that', () => {
    const both = (part: JsonSchema): JsonSchema[] => [
      within('part', part),
      { ...within('part', part), title: 'other' },
    ];
    const { components } = componentsOf(...both(long('x')), ...both(long('y')), ...both(long('z')));
    expect(Object.keys(components.schemas())).toEqual(['Part', 'ThingPart', 'ThingPart2']);
  });

  it('stay where they are when they are short, or are there once', () => {
    const short = within('part', { type: 'object', properties: { a: { type: 'string' } } });
    const { components, referred } = componentsOf(short, { ...short, title: 'other' }, within('part', long('x')));
    expect(components.schemas()).toEqual({});
    expect(referred[0]).toEqual(short);
  });

  it('leave alone what only looks like a schema: defaults and members that are called like keywords', () => {
    const schema = {
      type: 'object',
      properties: { items: { type: 'string' }, properties: { type: 'string' } },
      default: { items: {} },
    };
    expect(componentsOf(schema).referred[0]).toEqual(schema);
  });
});

describe('Members of an answer', () => {
  const fieldsOf = (schema: z.ZodType, elsewhere: (part: JsonSchema) => string | undefined = () => undefined) =>
    answerFields(jsonSchemaOf(schema, 'answered'), { closed: ['closed'], elsewhere });

  it.each<[string, z.ZodType, string]>([
    ['a text', z.string(), 'text'],
    ['a number', z.int(), 'number'],
    ['a switch', z.boolean(), 'true or false'],
    ['a choice', z.enum(['a', 'b']), '`a`, `b`'],
    ['one value', z.literal('a'), '`a`'],
    ['a list', z.array(z.string()), 'list of text'],
    ['a list of objects', z.array(z.object({})), 'list of objects'],
    ['one of several', z.union([z.string(), z.null()]), 'text or `null`'],
    ['anything', z.unknown(), 'any JSON value'],
  ])('tell what they are: %s', (_what, schema, type) => {
    expect(fieldsOf(z.object({ a: schema }))).toEqual([{ path: 'a', type, description: '' }]);
  });

  it('are told with those inside, but for what is told elsewhere', () => {
    const inner = z.object({ b: z.string() });
    const other = z.object({ c: z.string() });
    const schema = z.object({ list: z.array(inner), closed: inner, others: z.array(other).describe('More.') });
    const known = JSON.stringify(jsonSchemaOf(other, 'answered'));
    const fields = fieldsOf(schema, (part) => (JSON.stringify(part) === known ? 'See there.' : undefined));
    expect(fields.map(({ path, description }) => `${path} ${description}`.trim())).toEqual([
      'list',
      'list[].b',
      'closed',
      'others More. See there.',
    ]);
  });

  it('of one of several kinds are told once', () => {
    const kind = <Kind extends string>(type: Kind) => z.object({ type: z.literal(type), size: z.int() });
    const fields = fieldsOf(z.discriminatedUnion('type', [kind('a'), kind('b')]));
    expect(fields.map(({ path }) => path)).toEqual(['type', 'size']);
  });
});

describe('The rights of an operation', () => {
  it.each([
    ['GET', 'installation', ['corsac:master', 'corsac:master.read'], '`corsac:master.read`'],
    ['PUT', 'tenant', ['corsac:tenant', 'corsac:tenant.update'], '`corsac:tenant.update`'],
    [
      'DELETE',
      'track',
      expect.arrayContaining(['corsac:tenant:track[NAME].delete']),
      '`corsac:tenant:track[NAME].delete`',
    ],
    [
      'POST',
      'user',
      expect.arrayContaining(['corsac:tenant:track:user.create']),
      '`corsac:tenant:track[NAME]:user.create`',
    ],
  ] as const)('for %s in the area %s are told from the widest to the smallest', (method, area, all, smallest) => {
    const asked = { method, area };
    expect(rightsFor(asked)).toEqual(all);
    expect(smallestRight(asked)).toBe(smallest);
    expect(scopesFor(asked).some((scope) => scope.includes('['))).toBe(false);
  });

  it('that any reader may call are all that read', () => {
    const scopes = scopesFor({ method: 'GET', area: 'tenant', ofAnyTrack: true });
    expect(scopes).toEqual(expect.arrayContaining(['corsac:tenant', 'corsac:tenant:track:audit.read']));
    expect(scopes.filter((scope) => /master|\.(create|update|delete)$/.test(scope))).toEqual([]);
  });
});
