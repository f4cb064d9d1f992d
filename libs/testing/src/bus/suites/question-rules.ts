import { fail, ok } from '@corsac/outcome';
import type { MessageContext, Question } from '@corsac/contracts';
import { readText, repeatText } from '../contracts.js';
import type { Text } from '../replica.js';
import { pause, until, type World } from '../world.js';

/** A body that its contract does not allow, past the type checker, as a faulty or older service would send it. */
const asAny = <T>(value: unknown): T => value as T;
const refusalOf = (asked: { ok: boolean; error?: { refusal: string; detail?: string } }) => asked.error?.refusal;

const never = () => new Promise<never>(() => undefined);

/** What a question must do on every bus. */
export function questionRules(world: () => World): void {
  it('brings a question to its owner and the answer back', async () => {
    await world().replica('token', { repeat: async ({ text }) => ok({ text: `${text}!` }) });
    const bus = await world().voice('authorize');
    expect(await bus.ask(repeatText, { text: 'hello' })).toEqual(ok({ text: 'hello!' }));
  });

  it('brings a refusal as a value with its detail', async () => {
    await world().replica('token', { repeat: async () => fail({ refusal: 'not_that', detail: 'because' }) });
    const bus = await world().voice('authorize');
    expect(await bus.ask(repeatText, { text: 'no' })).toEqual(fail({ refusal: 'not_that', detail: 'because' }));
  });

  it('keeps a request that breaks its contract from the handler', async () => {
    const seen: unknown[] = [];
    await world().replica('token', { repeat: async (request) => (seen.push(request), ok(request)) });
    const bus = await world().voice('authorize');
    const asked = await bus.ask(repeatText, asAny({ text: 7, secret: 'do not log' }));
    expect([refusalOf(asked), seen]).toEqual(['unavailable', []]);
    expect(world().lines.some(({ message }) => message === 'a question does not match its contract')).toBe(true);
    expect(JSON.stringify(world().lines)).not.toContain('do not log');
  });

  it('does not let an answer through that breaks its contract', async () => {
    await world().replica('token', { repeat: async () => asAny(ok({ text: 5 })) });
    const bus = await world().voice('authorize');
    expect(refusalOf(await bus.ask(repeatText, { text: 'x' }))).toBe('unavailable');
    expect(world().lines.some(({ message }) => message === 'an answer does not match its contract')).toBe(true);
  });

  it('does not let a refusal through that its contract does not name', async () => {
    await world().replica('token', { repeat: async () => asAny(fail({ refusal: 'made_up' })) });
    const bus = await world().voice('authorize');
    expect(refusalOf(await bus.ask(repeatText, { text: 'x' }))).toBe('unavailable');
  });

  it.each([
    ['nothing', undefined],
    ['something that is no outcome', { text: 'x' }],
  ])('takes a handler that answers with %s for unavailable', async (_, given) => {
    await world().replica('token', { repeat: async () => asAny({ toJSON: () => given }) });
    const bus = await world().voice('authorize');
    expect(refusalOf(await bus.ask(repeatText, { text: 'x' }))).toBe('unavailable');
  });

  it('answers unavailable at once when a handler throws, and logs what it threw on the side of the handler', async () => {
    await world().replica('token', { repeat: () => Promise.reject(new Error('broken part')) });
    const bus = await world().voice('authorize');
    const began = performance.now();
    const asked = await bus.ask(repeatText, { text: 'x' });
    expect(asked).toEqual(fail({ refusal: 'unavailable', detail: 'the answerer failed' }));
    expect(performance.now() - began).toBeLessThan(repeatText.deadline_ms - 100);
    const line = world().lines.find(({ message }) => message === 'the handler of a question failed');
    expect(line?.fields.error).toEqual(new Error('broken part'));
  });

  it('says unavailable at once when nobody is there', async () => {
    const bus = await world().voice('authorize');
    await bus.ask(readText, { text: 'warm up the connection' });
    const began = performance.now();
    expect(refusalOf(await bus.ask(repeatText, { text: 'x' }))).toBe('unavailable');
    expect(performance.now() - began).toBeLessThan(150);
  });

  it('says unavailable at the deadline when the answer does not come, and never hangs', async () => {
    await world().replica('token', { repeat: never });
    const bus = await world().voice('authorize');
    const began = performance.now();
    expect(refusalOf(await bus.ask(repeatText, { text: 'x' }))).toBe('unavailable');
    expect(performance.now() - began).toBeGreaterThan(repeatText.deadline_ms - 20);
    expect(performance.now() - began).toBeLessThan(repeatText.deadline_ms + 300);
  });

  it('drops an answer that comes after the deadline', async () => {
    let first = true;
    const slowOnce = async (request: { text: string }) => {
      if (first) await pause(((first = false), repeatText.deadline_ms + 100));
      return ok(request);
    };
    await world().replica('token', { repeat: slowOnce });
    const bus = await world().voice('authorize');
    expect(refusalOf(await bus.ask(repeatText, { text: 'late' }))).toBe('unavailable');
    expect(await bus.ask(repeatText, { text: 'next' })).toEqual(ok({ text: 'next' }));
    await pause(150);
  });

  it('does not let a service ask what its contract does not let it ask', async () => {
    const seen: unknown[] = [];
    await world().replica('token', { repeat: async (request) => (seen.push(request), ok(request)) });
    const bus = await world().voice('config');
    expect([refusalOf(await bus.ask(repeatText, { text: 'x' })), seen]).toEqual(['unavailable', []]);
  });

  it('carries request id and trace to the handler, and leaves out what no header could carry', async () => {
    const seen: MessageContext[] = [];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await world().replica('token', { repeat: async (request, context) => (seen.push(context), ok(request)) });
    const bus = await world().voice('authorize');
    await bus.ask(repeatText, { text: 'x' }, { request_id: 'r-1', traceparent, tracestate: 'a=1' });
    await bus.ask(repeatText, { text: 'x' }, { request_id: 'split\r\nheader: 1', traceparent });
    await bus.ask(repeatText, { text: 'x' });
    expect(seen.map((context) => ({ ...context }))).toEqual([
      { request_id: 'r-1', traceparent, tracestate: 'a=1' },
      { traceparent },
      {},
    ]);
  });

  it('copies as JSON: a date becomes text, undefined goes, nothing is shared', async () => {
    const seen: { extra?: unknown }[] = [];
    await world().replica('token', { repeat: async (request) => (seen.push(request), ok(request)) });
    const bus = await world().voice('authorize');
    class Point {
      x = 1;
      get double(): number {
        return this.x * 2;
      }
    }
    const extra = { at: new Date(0), none: undefined, point: new Point(), list: [1] };
    const asked = await bus.ask(repeatText, asAny<Text>({ text: 'x', extra }));
    const plain = { at: '1970-01-01T00:00:00.000Z', point: { x: 1 }, list: [1] };
    expect(seen[0]?.extra).toStrictEqual(plain);
    expect(asked.ok && asked.value.extra).toStrictEqual(plain);
    expect(asked.ok && asked.value.extra).not.toBe(seen[0]?.extra);
  });

  it('passes on only what the contract names, so an older service understands a newer one', async () => {
    const seen: unknown[] = [];
    await world().replica('token', { repeat: async (request) => (seen.push(request), ok(request)) });
    const bus = await world().voice('authorize');
    await bus.ask(repeatText, asAny({ text: 'x', new_in_v1_7: true }));
    expect(seen).toEqual([{ text: 'x' }]);
  });

  it('turns down a message that cannot be written or is too long', async () => {
    await world().replica('token');
    const bus = await world().voice('authorize');
    const round: Record<string, unknown> = {};
    round.self = round;
    expect(refusalOf(await bus.ask(repeatText, asAny<Text>({ text: 'x', extra: round })))).toBe('unavailable');
    expect(refusalOf(await bus.ask(repeatText, { text: 'x'.repeat(8 * 1024 * 1024 + 1) }))).toBe('unavailable');
  });

  it('carries a message of a megabyte', async () => {
    await world().replica('token');
    const bus = await world().voice('authorize');
    const text = 'ä'.repeat(500_000);
    expect(await bus.ask(repeatText, { text })).toEqual(ok({ text }));
  });

  it('asks one replica, and over many questions all of them', async () => {
    const counts = [0, 0, 0];
    const counting = counts.map((_, index) => ({
      repeat: async (r: { text: string }) => ((counts[index] = (counts[index] ?? 0) + 1), ok(r)),
    }));
    await world().replicas('token', counting);
    const bus = await world().voice('authorize');
    for (let n = 0; n < 60; n += 1) await bus.ask(repeatText, { text: `${n}` });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(counts.every((count) => count > 0)).toBe(true);
  });

  it('keeps a thousand questions at a time apart', async () => {
    await world().replicas('token', [{}, {}]);
    const bus = await world().voice('authorize');
    const texts = Array.from({ length: 1000 }, (_, n) => `text ${n}`);
    const patient: Question<{ text: string }, { text: string }, never> = { ...readText, deadline_ms: 3000 };
    const asked = await Promise.all(texts.map((text) => bus.ask(patient, { text })));
    expect(asked).toEqual(texts.map((text) => ok({ text })));
  });

  it('answers one by one what was asked in one turn: a slow answer holds up no other', async () => {
    await world().replica('token', {
      repeat: async (request) => (request.text === 'slow' ? (await pause(200), ok(request)) : ok(request)),
    });
    const bus = await world().voice('authorize');
    await bus.ask(repeatText, { text: 'warm up' });
    const order: string[] = [];
    const ask = async (text: string) => (await bus.ask(repeatText, { text }), order.push(text));
    await Promise.all([ask('slow'), ask('quick'), ask('quick too')]);
    expect(order[2]).toBe('slow');
  });

  it('finishes the questions at work when a replica stops, and takes no new ones', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let begun = false;
    const app = await world().replica('token', {
      repeat: async (request) => (request.text === 'held' ? ((begun = true), await held, ok(request)) : ok(request)),
    });
    const bus = await world().voice('authorize');
    const asked = bus.ask(repeatText, { text: 'held' });
    await until('the handler has begun', () => begun);
    const closed = app.close();
    await pause(50);
    expect(refusalOf(await bus.ask(repeatText, { text: 'new' }))).toBe('unavailable');
    const began = performance.now();
    release();
    expect(await asked).toEqual(ok({ text: 'held' }));
    await closed;
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('loses no question while replicas come and go one after the other', async () => {
    const first = await world().replica('token');
    const bus = await world().voice('authorize');
    let asking = true;
    const results: boolean[] = [];
    const load = Array.from({ length: 4 }, async () => {
      while (asking) {
        results.push((await bus.ask(repeatText, { text: 'x' })).ok);
        await pause(1);
      }
    });
    await pause(50);
    const second = await world().replica('token');
    await first.close();
    await world().replica('token');
    await second.close();
    await pause(50);
    asking = false;
    await Promise.all(load);
    expect(results.length).toBeGreaterThan(10);
    expect(results.filter((ok) => !ok)).toEqual([]);
  });

  it('says unavailable after the asker was stopped', async () => {
    await world().replica('token');
    const process = await world().process();
    await process.drain();
    expect(refusalOf(await process.busFor('authorize').ask(repeatText, { text: 'x' }))).toBe('unavailable');
    expect(process.health().ready).toBe(false);
  });
}
