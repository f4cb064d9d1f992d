import { headers } from '@nats-io/transport-node';
import { deadLettered, durableEvents, maxQuestionsPerMessage } from '@corsac/contracts';
import { wantedStreams } from './streams.js';
import { contextFrom, headersOf, readAnswers, readShared, writeAnswers, writeShared } from './wire.js';

describe('context in NATS headers', () => {
  const context = { request_id: 'r-1', traceparent: '00-a-b-01', tracestate: 'x=y' };

  it('comes back as it went', () => {
    expect(contextFrom(headersOf(context))).toEqual(context);
    expect(contextFrom(headersOf({ traceparent: 't' }))).toEqual({ traceparent: 't' });
  });

  it('costs no headers when there is none', () => {
    expect(headersOf({})).toBeUndefined();
    expect(contextFrom(undefined)).toEqual({});
  });

  it('ignores other headers, and values that we would not send', () => {
    const received = headers();
    received.set('Nats-Msg-Id', 'x');
    received.set('request_id', 'x'.repeat(600));
    expect(contextFrom(received)).toEqual({});
  });
});

describe('questions that share a message', () => {
  const questions = [
    { body: '{"n":1}', context: { request_id: 'r' } },
    { body: '{"n":2}', context: {} },
  ];

  it('come back one by one with their own context', () => {
    expect(readShared(JSON.parse(writeShared(questions)) as unknown[])).toEqual([
      { request: { n: 1 }, context: { request_id: 'r' } },
      { request: { n: 2 }, context: {} },
    ]);
  });

  it.each([[[1]], [[{}]], [['text']], [[null]]])('are no such list: %j', (received) => {
    expect(readShared(received)).toBeUndefined();
  });

  it('are not more than we send', () => {
    const many = (count: number) => Array.from({ length: count }, () => [{}, {}]);
    expect(readShared(many(maxQuestionsPerMessage))).toHaveLength(maxQuestionsPerMessage);
    expect(readShared(many(maxQuestionsPerMessage + 1))).toBeUndefined();
  });

  it.each([undefined, null, 5, 'x', { request_id: 5 }])('have no context when it is %j', (context) => {
    expect(readShared([[{ n: 1 }, context]])).toEqual([{ request: { n: 1 }, context: {} }]);
  });
});

describe('answers that share a message', () => {
  it('find their questions by index, in any order, and junk finds none', () => {
    const taken: unknown[] = [];
    const received = JSON.parse(
      writeAnswers([
        [1, '{"ok":true}'],
        [0, '{"ok":false}'],
      ]),
    ) as unknown[];
    readAnswers([...received, 5, null, ['0', {}]], (index, answer) => void taken.push([index, answer]));
    expect(taken).toEqual([
      [1, { ok: true }],
      [0, { ok: false }],
    ]);
  });
});

describe('streams', () => {
  it('are one per owner, with all its durable events, and one for dead letters', () => {
    const streams = wantedStreams({ durableEvents });
    const subjects = streams.flatMap((stream) => stream.subjects);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects.sort()).toEqual(
      [...durableEvents.map(({ subject }) => subject), `${deadLettered.subject}.*`].sort(),
    );
    for (const { name, owner, subjects: own } of streams) {
      expect([`CORSAC_${owner.toUpperCase()}`, 'CORSAC_DEAD']).toContain(name);
      if (name !== 'CORSAC_DEAD') expect(own.every((subject) => subject.startsWith(`corsac.${owner}.v`))).toBe(true);
    }
  });
});
