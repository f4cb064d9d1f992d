import { z } from 'zod';
import { durableEvent, event, question } from './contract.js';
import { deadLetter } from './dead-letter.js';
import { claims, name, opaqueId, unixSeconds } from './fields.js';

describe('declaring a contract', () => {
  const asks = { subject: 'corsac.token.v1.a.read', owner: 'token', askers: ['config'], refusals: ['no'] } as const;
  const tells = { subject: 'corsac.token.v1.a.changed', owner: 'token', listeners: ['config'] } as const;

  it('gives a question two seconds and no second try, unsaid', () => {
    const declared = question({ ...asks, request: z.object({}), response: z.object({}) });
    expect(declared).toMatchObject({ kind: 'question', deadline_ms: 2000, safe_to_retry: false });
  });

  it('keeps what a question says of itself', () => {
    const declared = question({
      ...asks,
      request: z.object({}),
      response: z.object({}),
      deadline_ms: 700,
      safe_to_retry: true,
    });
    expect(declared).toMatchObject({ deadline_ms: 700, safe_to_retry: true, refusals: ['no'] });
  });

  it('says of an event who hears it', () => {
    expect(event({ ...tells, payload: z.object({}), delivery: 'every_replica' })).toMatchObject({
      kind: 'event',
      delivery: 'every_replica',
    });
  });

  it('tries a durable event twelve times over about half an hour, unsaid', () => {
    const declared = durableEvent({ ...tells, payload: z.object({}) });
    const waits = Array.from({ length: declared.max_deliveries - 1 }, (_, n) => declared.backoff_ms[n] ?? 300_000);
    const minutes = waits.reduce((sum, ms) => sum + ms, 0) / 60_000;
    expect(declared.max_deliveries).toBe(12);
    expect(minutes).toBeGreaterThan(20);
    expect(minutes).toBeLessThan(40);
  });
});

describe('fields of contracts', () => {
  it.each(['a', 'acme', 'track_1', 'a-b', 'x'.repeat(50)])('takes the name %j', (text) => {
    expect(name.safeParse(text).success).toBe(true);
  });

  it.each(['', 'A', 'a b', 'a.b', 'a/b', 'ä', 'x'.repeat(51), 'a\n', '*', '>'])('refuses the name %j', (text) => {
    expect(name.safeParse(text).success).toBe(false);
  });

  it.each(['', 'a b', 'a/b', 'a+b', 'x'.repeat(201), 'a\n'])('refuses the id %j', (text) => {
    expect(opaqueId.safeParse(text).success).toBe(false);
  });

  it.each([-1, 1.5, Number.NaN, '1'])('refuses the time %j', (value) => {
    expect(unixSeconds.safeParse(value).success).toBe(false);
  });

  it('takes any JSON as a claim and nothing that JSON has not', () => {
    expect(claims.safeParse({ sub: 's', groups: ['a', { b: null }] }).success).toBe(true);
    expect(claims.safeParse({ at: new Date(0) }).success).toBe(false);
    expect(claims.safeParse({ f: () => 1 }).success).toBe(false);
  });
});

describe('a dead letter', () => {
  const letter = {
    id: 'i',
    subject: 'corsac.session.v1.logout.wanted',
    service: 'session',
    attempts: 3,
    reason: 'r',
    failed_ms: 1,
  };

  it('may belong to a track or not', () => {
    expect(deadLetter.safeParse(letter).success).toBe(true);
    expect(deadLetter.safeParse({ ...letter, tenant: 'acme', track: 'prod' }).success).toBe(true);
  });

  it.each([{ service: 'mallory' }, { attempts: -1 }, { reason: 'r'.repeat(501) }, { tenant: 'A B' }])(
    'refuses %j',
    (part) => {
      expect(deadLetter.safeParse({ ...letter, ...part }).success).toBe(false);
    },
  );
});
