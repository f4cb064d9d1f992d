import { z } from 'zod';
import { event, question } from '../contract/contract.js';
import { describeContract } from './describe-contract.js';
import { incompatibilities } from './incompatibilities.js';

const base = {
  id: z.string().max(10),
  kind: z.enum(['a', 'b']),
  list: z.array(z.object({ n: z.number() })),
  maybe: z.string().optional(),
};

const asking = (request: z.ZodRawShape, refusals: string[] = ['no']) =>
  describeContract(
    question({
      subject: 'corsac.token.v1.thing.read',
      owner: 'token',
      askers: ['config'],
      request: z.object(request),
      response: z.object({}),
      refusals,
    }),
  );

describe('a contract compared with its golden file', () => {
  it.each<[string, z.ZodRawShape]>([
    ['nothing changed', base],
    ['an optional field came', { ...base, more: z.string().optional() }],
    [
      'an optional field came further in',
      { ...base, list: z.array(z.object({ n: z.number(), m: z.number().optional() })) },
    ],
  ])('is compatible when %s', (_, request) => {
    expect(incompatibilities(asking(base), asking(request))).toEqual([]);
  });

  it.each<[string, z.ZodRawShape, string]>([
    ['a field went', { kind: base.kind, list: base.list, maybe: base.maybe }, 'request.id: is gone'],
    ['an optional field went', { id: base.id, kind: base.kind, list: base.list }, 'request.maybe: is gone'],
    ['a required field came', { ...base, more: z.string() }, 'request.more: is required now'],
    ['an optional field became required', { ...base, maybe: z.string() }, 'request.maybe: is required now'],
    ['a required field became optional', { ...base, id: base.id.optional() }, 'request.id: is optional now'],
    ['a type changed', { ...base, id: z.number() }, 'request.id/type: is "number", not "string"'],
    ['a limit changed', { ...base, id: z.string().max(20) }, 'request.id/maxLength: is 20, not 10'],
    [
      'a word came to a list of words',
      { ...base, kind: z.enum(['a', 'b', 'c']) },
      'request.kind/enum: has 3 parts, not 2',
    ],
    ['a word changed', { ...base, kind: z.enum(['a', 'c']) }, 'request.kind/enum[1]: is "c", not "b"'],
    [
      'an object became something else',
      { ...base, list: z.array(z.string()) },
      'request.list/items/type: is "string", not "object"',
    ],
    [
      'a field further in changed',
      { ...base, list: z.array(z.object({ n: z.string() })) },
      'request.list/items.n/type: is "string", not "number"',
    ],
  ])('needs a new version when %s', (_, request, reason) => {
    expect(incompatibilities(asking(base), asking(request))).toContain(reason);
  });

  it('may get refusals and not lose them', () => {
    expect(incompatibilities(asking(base, ['no']), asking(base, ['no', 'never']))).toEqual([]);
    expect(incompatibilities(asking(base, ['no', 'never']), asking(base, ['no']))).toEqual(['refusal never: is gone']);
  });

  it('keeps its owner and who hears it', () => {
    const parts = { subject: 'corsac.token.v1.thing.done', listeners: ['config' as const], payload: z.object({}) };
    const one = describeContract(event({ ...parts, owner: 'token', delivery: 'one_of_service' }));
    const other = describeContract(event({ ...parts, owner: 'session', delivery: 'every_replica' }));
    expect(incompatibilities(one, other)).toEqual([
      'owner: is session, not token',
      'delivery: is every_replica, not one_of_service',
    ]);
  });
});
