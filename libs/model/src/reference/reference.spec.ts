import { z } from 'zod';
import { nameSchema } from '../names/names.js';
import { documentDeclarativeFile, undescribed } from './document-file.js';
import { fieldsOf } from './fields.js';
import { markdownTable } from './table.js';

const one = (schema: z.ZodType) => fieldsOf(z.strictObject({ setting: schema }))[0];

describe('settings of a schema', () => {
  it('says where each stands, also those inside of others', () => {
    const inner = z.strictObject({ deep: z.string() });
    const schema = z.strictObject({ a: inner, b: z.array(inner) });
    expect(fieldsOf(schema).map(({ path }) => path)).toEqual(['a', 'a.deep', 'b', 'b[].deep']);
  });

  it('does not go into what is described elsewhere, nor into objects with members of any name', () => {
    const schema = z.strictObject({
      rules: z.array(z.strictObject({ a: z.string() })),
      open: z.looseObject({ b: z.string() }),
    });
    expect(fieldsOf(schema, ['rules']).map(({ path }) => path)).toEqual(['rules', 'open']);
  });

  it('says a setting of several kinds of one thing once', () => {
    const kinds = z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('a'), size: z.int() }),
      z.strictObject({ type: z.literal('b'), size: z.int(), more: z.string() }),
    ]);
    const fields = fieldsOf(z.strictObject({ list: z.array(kinds) }));
    expect(fields.map(({ path, type }) => `${path}: ${type}`)).toEqual([
      'list: list of objects',
      'list[].type: `a`, `b`',
      'list[].size: number',
      'list[].more: text',
    ]);
  });

  it.each<[string, z.ZodType, string, string[]]>([
    ['a number with bounds', z.int().min(3).max(9), 'number', ['3 to 9']],
    ['a text with a length', z.string().min(1).max(5), 'text', ['1 to 5 characters']],
    ['a text with a rule of its own', nameSchema, 'text', ['1 to 50 of the characters a-z, 0-9, _ and - (lower case)']],
    ['a rule that forbids', z.string().refine(() => true, 'must not be odd'), 'text', ['not odd']],
    ['a choice', z.enum(['a', 'b']), '`a`, `b`', []],
    ['a list', z.array(z.string().max(4)).max(2), 'list of text', ['at most 2 entries', 'each at most 4 characters']],
    ['a list of exact length', z.array(z.string()).length(1), 'list of text', ['exactly 1 entry']],
    ['text or something else', z.union([z.string(), z.strictObject({ hash: z.string() })]), 'text or object', []],
    [
      'a rule about one member of an object',
      z.strictObject({ a: z.int() }).refine(() => true, { path: ['a'], message: 'must be odd' }),
      'object',
      ['a must be odd'],
    ],
    ['a switch', z.boolean(), 'true or false', []],
    ['a map', z.record(z.string(), z.string()), 'object', []],
    ['any JSON', z.array(z.json()), 'list of any JSON values', []],
  ])('tells type and limits of %s', (_what, schema, type, limits) => {
    expect(one(schema)).toMatchObject({ type, limits });
  });

  it.each<[string, z.ZodType, string | undefined, boolean]>([
    ['none', z.string(), undefined, true],
    ['left out', z.string().optional(), undefined, false],
    ['a number', z.int().default(4), '`4`', false],
    ['an empty list', z.array(z.string()).default([]), 'empty', false],
    ['that of what is inside', z.strictObject({}).prefault({}), undefined, false],
  ])('tells the default: %s', (_what, schema, fallback, required) => {
    expect(one(schema)).toMatchObject({ required, fallback });
  });
});

describe('the reference page of declarative files', () => {
  it('has a description of every setting', () => {
    expect(undescribed()).toEqual([]);
  });

  it('tells what is refused so far, whole settings and single values', () => {
    const page = documentDeclarativeFile(
      new Map([
        ['up_parties.enable_idp_initiated', 'a reason'],
        ['down_parties.signature_algorithm=ecdsa-sha256', 'another'],
      ]),
    );
    expect(page).toContain('Not available yet: a reason.');
    expect(page.match(/Not available yet with `ecdsa-sha256`: another\./g)).toHaveLength(1);
  });

  it('points only at parts of itself that are there', () => {
    const page = documentDeclarativeFile(new Map());
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replace(/`/g, '').replaceAll(' ', '-'),
    );
    const named = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = '']) => target);
    expect(named.filter((target) => !anchors.includes(target))).toEqual([]);
  });
});

describe('tables', () => {
  it('have even columns, and bars in cells do not end them', () => {
    expect(markdownTable(['a', 'bcd'], [['x|y', 'z']])).toBe('| a    | bcd |\n| ---- | --- |\n| x\\|y | z   |');
  });
});
