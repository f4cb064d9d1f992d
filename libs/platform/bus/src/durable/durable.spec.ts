import { z } from 'zod';
import { durableEvent, type DeadLetter } from '@corsac/contracts';
import { InFlight } from '../in-flight.js';
import type { DurableHandler } from '../message/handlers.js';
import { afterAttempt, type Attempt, type NextStep } from './after-attempt.js';
import { carryOut } from './carry-out.js';
import { letterOf, reportLetter } from './letter.js';
import { duplicateWindowMs, RecentIds } from './recent-ids.js';

const event = durableEvent({
  subject: 'corsac.session.v1.thing.ended',
  owner: 'session',
  listeners: ['token'],
  payload: z.object({ n: z.number() }),
  max_deliveries: 4,
  backoff_ms: [10, 50],
  ack_wait_ms: 40,
});

const handler = (run: DurableHandler['run']): DurableHandler => ({
  service: 'token',
  contract: event,
  inFlight: new InFlight(),
  run,
});

describe('what becomes of a message after a delivery', () => {
  const failed: Attempt = { result: 'failed', reason: 'no' };
  it.each<[string, number, Attempt, NextStep]>([
    ['done at once', 1, { result: 'done' }, { step: 'acknowledge' }],
    ['done at last', 4, { result: 'done' }, { step: 'acknowledge' }],
    ['failed first', 1, failed, { step: 'deliver_again', delay_ms: 10 }],
    ['failed twice', 2, failed, { step: 'deliver_again', delay_ms: 50 }],
    ['failed beyond the list', 3, failed, { step: 'deliver_again', delay_ms: 50 }],
    ['failed for the last time', 4, failed, { step: 'put_aside', reason: 'no' }],
    ['more often than allowed', 9, failed, { step: 'put_aside', reason: 'no' }],
    ['too slow', 1, { result: 'too_slow' }, { step: 'deliver_again', delay_ms: 0 }],
    [
      'too slow for the last time',
      4,
      { result: 'too_slow' },
      { step: 'put_aside', reason: 'the handler took too long' },
    ],
    ['malformed', 1, { result: 'malformed', reason: 'n' }, { step: 'put_aside', reason: 'n' }],
  ])('%s', (_, attempt, went, next) => {
    expect(afterAttempt(event, attempt, went)).toEqual(next);
  });

  it('has no delay when the contract names none', () => {
    expect(afterAttempt({ max_deliveries: 2, backoff_ms: [] }, 1, failed)).toEqual({
      step: 'deliver_again',
      delay_ms: 0,
    });
  });
});

describe('carrying out a durable event', () => {
  const info = { id: 'i', attempt: 2 };

  it('gives the handler the checked payload and what it must know of the delivery', async () => {
    const seen: unknown[] = [];
    const went = await carryOut(
      handler(async (...given) => seen.push(given)),
      { n: 1, more: 2 },
      info,
      {},
    );
    expect([went, seen]).toEqual([{ result: 'done' }, [[{ n: 1 }, info]]]);
  });

  it('does not show a malformed payload to the handler, nor in the reason', async () => {
    const went = await carryOut(
      handler(() => Promise.reject(new Error('called'))),
      { n: 'a secret' },
      info,
      {},
    );
    expect(went).toEqual({ result: 'malformed', reason: 'does not match its contract: n: invalid_type' });
  });

  it.each<[unknown, string]>([
    [new Error('the store is away'), 'the store is away'],
    ['a text', 'a text'],
    [new Error('x'.repeat(900)), 'x'.repeat(500)],
  ])('takes %p for a failure', async (thrown, reason) => {
    expect(
      await carryOut(
        handler(() => Promise.reject(thrown)),
        { n: 1 },
        info,
        {},
      ),
    ).toEqual({ result: 'failed', reason });
  });

  it('does not wait longer than the contract says', async () => {
    const went = await carryOut(
      handler(() => new Promise(() => undefined)),
      { n: 1 },
      info,
      {},
    );
    expect(went).toEqual({ result: 'too_slow' });
  });

  it('measures each delivery and runs it where the options say', async () => {
    const measures: unknown[] = [];
    const places: unknown[] = [];
    await carryOut(
      handler(async () => undefined),
      { n: 1 },
      info,
      {
        measured: ({ duration_ms: _, ...measure }) => void measures.push(measure),
        around: (message, handle) => (places.push(message), handle()),
      },
    );
    const subject = event.subject;
    expect(measures).toEqual([{ kind: 'carried_out', service: 'token', subject, result: 'ok' }]);
    expect(places).toEqual([{ service: 'token', subject, context: {} }]);
  });
});

describe('a dead letter', () => {
  const aside = { id: 'i', attempts: 3, reason: 'no', payload: { tenant: 'acme', track: 'prod', sub: 'private' } };

  it('says where it belongs and nothing else of the payload', () => {
    const letter = letterOf({ service: 'token', contract: event }, aside, 5);
    const { subject } = event;
    expect(letter).toEqual({
      id: 'i',
      subject,
      service: 'token',
      attempts: 3,
      reason: 'no',
      failed_ms: 5,
      tenant: 'acme',
      track: 'prod',
    });
  });

  it.each([undefined, null, 'text', 5, [], {}, { tenant: 5, track: 'NOT A NAME' }])(
    'belongs nowhere with payload %j',
    (payload) => {
      const letter = letterOf({ service: 'token', contract: event }, { ...aside, payload }, 5);
      expect([letter.tenant, letter.track]).toEqual([undefined, undefined]);
    },
  );

  it('is cut to what its contract allows', () => {
    const long = 'x'.repeat(2000);
    const letter = letterOf({ service: 'token', contract: event }, { ...aside, id: long, reason: long }, 5);
    expect([letter.id.length, letter.reason.length]).toEqual([300, 500]);
  });

  it('is told to the log and to whoever asked', () => {
    const letters: DeadLetter[] = [];
    const lines: string[] = [];
    const quiet = { info: () => undefined, warn: () => undefined };
    const letter = letterOf({ service: 'token', contract: event }, aside, 5);
    reportLetter(letter, {
      onDeadLetter: (one) => void letters.push(one),
      logger: { ...quiet, error: (_, message) => void lines.push(message) },
    });
    expect([letters, lines]).toEqual([[letter], ['a durable event was put aside as a dead letter']]);
  });
});

describe('ids of the last two minutes', () => {
  let now = 0;
  const recent = () => ((now = 1000), new RecentIds(() => now));

  it('lets whoever publishes a message that is on its way wait for it', async () => {
    const ids = recent();
    let finish: () => void = () => undefined;
    let deliveries = 0;
    const deliver = () => ((deliveries += 1), new Promise<void>((resolve) => (finish = resolve)));
    const [first, second] = [ids.once('a', deliver), ids.once('a', deliver)];
    expect([deliveries, ids.runningCount]).toEqual([1, 1]);
    finish();
    await Promise.all([first, second]);
    expect(ids.runningCount).toBe(0);
  });

  it('delivers again after two minutes, and not before', async () => {
    const ids = recent();
    let deliveries = 0;
    const deliver = async (): Promise<void> => void (deliveries += 1);
    await ids.once('a', deliver);
    now += duplicateWindowMs - 1;
    await ids.once('a', deliver);
    expect(deliveries).toBe(1);
    now += 2;
    await ids.once('a', deliver);
    expect(deliveries).toBe(2);
  });

  it('delivers again what was broken off', async () => {
    const ids = recent();
    await expect(ids.once('a', () => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
    let deliveries = 0;
    await ids.once('a', async () => void (deliveries += 1));
    expect(deliveries).toBe(1);
  });
});
