import { of, throwError } from 'rxjs';
import { z } from 'zod';
import { event, question, type Contract } from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import type { SubjectExtras } from '@corsac/service';
import { InFlight } from '../in-flight.js';
import type { BusMeasure } from '../service-bus.js';
import { answer, hear } from './answer.js';
import { contextOf } from './context.js';
import { handlersOf, type EventHandler, type QuestionHandler } from './handlers.js';
import { problemsOf } from './problems.js';
import { readAnswer } from './read-answer.js';

const asking = question({
  subject: 'corsac.token.v1.thing.read',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({ n: z.number() }),
  response: z.object({ m: z.number() }),
  refusals: ['no'],
});
const told = event({
  subject: 'corsac.config.v1.thing.changed',
  owner: 'config',
  listeners: ['token'],
  payload: z.object({ n: z.number() }),
  delivery: 'every_replica',
});

describe('context beside a message', () => {
  it('keeps its three names and copies them', () => {
    const context = { request_id: 'r', traceparent: '00-a-b-01', tracestate: 'a=1' };
    expect(contextOf({ ...context, password: 'p' } as object)).toEqual(context);
    expect(contextOf(context)).not.toBe(context);
  });

  it.each([undefined, '', 'a\r\nb: c', 'a\nb', 'ä', 'x'.repeat(513), 5, {}, null])(
    'leaves out the value %j',
    (request_id) => {
      expect(contextOf({ request_id })).toEqual({});
    },
  );

  it('is empty when there is none', () => {
    expect(contextOf(undefined)).toEqual({});
  });
});

describe('problems for the log', () => {
  it('name the place and the rule, never the value, and are few', () => {
    const type = z.object({ list: z.array(z.object({ secret: z.string().max(3) })) });
    const result = type.safeParse({ list: Array.from({ length: 9 }, () => ({ secret: 'topsecret' })) });
    const text = result.success ? '' : problemsOf(result.error);
    expect(text).toContain('list.0.secret: too_big');
    expect(text).not.toContain('topsecret');
    expect(text.split(', ')).toHaveLength(5);
  });

  it('speak of the message when it is wrong as a whole', () => {
    const result = z.object({}).safeParse(5);
    expect(result.success ? '' : problemsOf(result.error)).toBe('message: invalid_type');
  });
});

describe('answering a question', () => {
  const handler = (run: QuestionHandler['run']): QuestionHandler => ({
    service: 'token',
    contract: asking,
    inFlight: new InFlight(),
    run,
  });
  const measures: Omit<BusMeasure, 'duration_ms'>[] = [];
  const options = { measured: ({ duration_ms: _, ...measure }: BusMeasure) => void measures.push(measure) };
  beforeEach(() => (measures.length = 0));
  const read = async (run: QuestionHandler['run'], request: unknown = { n: 1 }): Promise<unknown> =>
    JSON.parse(await answer(handler(run), request, {}, options));

  it.each<[string, unknown, BusMeasure['result']]>([
    ['a value', ok({ m: 1 }), 'ok'],
    ['a refusal', fail({ refusal: 'no' }), 'refused'],
  ])('writes %s as it is', async (_, given, result) => {
    expect(await read(async () => given)).toEqual(given);
    expect(measures).toEqual([{ kind: 'answered', service: 'token', subject: asking.subject, result }]);
  });

  it.each([undefined, {}, { n: '1' }, [], 'text', null])(
    'turns the question %j down before the handler',
    async (request) => {
      const answered = await answer(
        handler(() => Promise.reject(new Error('called'))),
        request,
        {},
        options,
      );
      expect(JSON.parse(answered)).toMatchObject({ ok: false, error: { refusal: 'unavailable' } });
      expect(measures.map(({ result }) => result)).toEqual(['failed']);
    },
  );

  it('says unavailable for a handler that throws or says nothing', async () => {
    expect(await read(() => Promise.reject(new Error('secret detail')))).toEqual(
      fail({ refusal: 'unavailable', detail: 'the answerer failed' }),
    );
    expect(await read(async () => undefined)).toMatchObject({ ok: false, error: { refusal: 'unavailable' } });
  });

  it('says unavailable for an answer that is no JSON', async () => {
    expect(await read(async () => ok(1n))).toMatchObject({ ok: false, error: { refusal: 'unavailable' } });
  });

  it('runs the handler where the options say', async () => {
    const places: string[] = [];
    const around = <T>({ subject }: { subject: string }, handle: () => Promise<T>) => (places.push(subject), handle());
    await answer(
      handler(async () => ok({ m: 1 })),
      { n: 1 },
      {},
      { around },
    );
    expect(places).toEqual([asking.subject]);
  });
});

describe('hearing an event', () => {
  it.each<[string, unknown, () => Promise<void>, BusMeasure['result'], number]>([
    ['what is well', { n: 1 }, async () => undefined, 'ok', 1],
    ['a handler that throws', { n: 1 }, () => Promise.reject(new Error('x')), 'failed', 1],
    ['what breaks the contract', { n: 'x' }, async () => undefined, 'failed', 0],
  ])('survives and measures %s', async (_, payload, run, result, calls) => {
    const seen: unknown[] = [];
    const measures: string[] = [];
    const handler: EventHandler = {
      service: 'token',
      contract: told,
      inFlight: new InFlight(),
      run: (given) => (seen.push(given), run()),
    };
    await hear(
      handler,
      payload,
      {},
      { measured: (measure) => void measures.push(`${measure.kind} ${measure.result}`) },
    );
    expect([measures, seen.length]).toEqual([[`heard ${result}`], calls]);
  });
});

describe('reading an answer', () => {
  const read = (received: unknown) => {
    const complaints: string[] = [];
    return { asked: readAnswer(asking, received, (problems) => void complaints.push(problems)), complaints };
  };

  it('takes a response, without what the contract does not name', () => {
    expect(read({ ok: true, value: { m: 1, more: 2 } })).toEqual({ asked: ok({ m: 1 }), complaints: [] });
  });

  it('takes a refusal that the contract names, and unavailable', () => {
    expect(read(fail({ refusal: 'no', detail: 'd' })).asked).toEqual(fail({ refusal: 'no', detail: 'd' }));
    expect(read(fail({ refusal: 'unavailable', detail: 'd' }))).toEqual({
      asked: fail({ refusal: 'unavailable', detail: 'd' }),
      complaints: [],
    });
  });

  it.each([
    undefined,
    null,
    5,
    'text',
    [],
    {},
    { ok: 'yes' },
    { ok: true },
    { ok: true, value: { m: 'x' } },
    { ok: false },
    fail({ refusal: 'made_up' }),
    fail('no'),
  ])('takes %j for a broken contract', (received) => {
    const { asked, complaints } = read(received);
    expect(asked).toMatchObject({ ok: false, error: { refusal: 'unavailable' } });
    expect(complaints).toHaveLength(1);
  });
});

describe('handlers of a service', () => {
  const registered = (contract: Contract | undefined, service: string, run: () => unknown = () => undefined) => {
    const extras: Partial<SubjectExtras> = { contract, service: service as 'token', queue: service };
    return new Map([[contract?.subject ?? 'x', Object.assign(async () => run() as never, { extras })]]);
  };

  it('are sorted by kind', () => {
    const found = handlersOf(
      'token',
      new Map([...registered(asking, 'token'), ...registered(told, 'token')]),
      new InFlight(),
    );
    expect([found.questions.length, found.events.length, found.durable.length]).toEqual([1, 1, 0]);
  });

  it.each<[string, Contract | undefined, string, string]>([
    ['without a contract', undefined, 'token', 'has no contract'],
    ['of another service', asking, 'config', 'does not give to token'],
    ['of an event that is not for it', { ...told, listeners: ['session'] }, 'token', 'does not give to token'],
    ['of a question that is not its own', { ...asking, owner: 'session' }, 'token', 'does not give to token'],
  ])('are refused at the start %s', (_, contract, service, reason) => {
    expect(() => handlersOf('token', registered(contract, service), new InFlight())).toThrow(reason);
  });

  it.each<[string, () => unknown, unknown]>([
    ['a promise', async () => 5, 5],
    ['a stream', () => of(1, 2), 2],
    ['an empty stream', () => of(), undefined],
  ])('may answer by %s', async (_, run, value) => {
    const [handler] = handlersOf('token', registered(asking, 'token', run), new InFlight()).questions;
    expect(await handler?.run({}, {})).toBe(value);
  });

  it('reject with what was thrown into a stream', async () => {
    const [handler] = handlersOf(
      'token',
      registered(asking, 'token', () => throwError(() => new Error('x'))),
      new InFlight(),
    ).questions;
    await expect(handler?.run({}, {})).rejects.toThrow('x');
  });
});
