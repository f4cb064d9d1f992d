import { z } from 'zod';
import * as everything from './index.js';
import { deadLettered, durableEvents, events, questions, serviceNames, type Contract } from './index.js';

const all: readonly Contract[] = [...questions, ...events, ...durableEvents];
const word = '[a-z][a-z0-9]*(?:_[a-z0-9]+)*';
const grammar = new RegExp(`^corsac\\.(${serviceNames.join('|')})\\.v([1-9][0-9]*)\\.(${word})\\.(${word})$`);

/** Verbs of events: what has happened, or a notice that it has. */
const pastTense = /(?:ed|begun|known)(?:_notice)?$/;

const isContract = (value: unknown): value is Contract =>
  typeof value === 'object' && value !== null && 'kind' in value && 'subject' in value && 'owner' in value;

const messagesOf = (contract: Contract): z.ZodType[] =>
  contract.kind === 'question' ? [contract.request, contract.response] : [contract.payload];

describe('the registry of contracts', () => {
  it('names every contract that the package exports', () => {
    const exported = Object.values<unknown>(everything).filter(isContract);
    const known = new Set<Contract>([...all, deadLettered]);
    expect(exported.filter((contract) => !known.has(contract)).map(({ subject }) => subject)).toEqual([]);
  });

  it('has every subject once', () => {
    const subjects = all.map(({ subject }) => subject);
    expect(subjects.filter((subject, index) => subjects.indexOf(subject) !== index)).toEqual([]);
  });
});

describe.each(all)('$subject', (contract) => {
  const [, service, , , verb = ''] = grammar.exec(contract.subject) ?? [];

  it('follows the grammar corsac.<service>.v<n>.<noun>.<verb>, exactly and without wildcards', () => {
    expect(contract.subject).toMatch(grammar);
  });

  it('begins with its owner', () => {
    expect(service).toBe(contract.owner);
  });

  it('is imperative when it asks and past tense when it tells', () => {
    if (contract.kind === 'question') expect(verb).not.toMatch(pastTense);
    else expect(verb).toMatch(pastTense);
  });

  it('is for somebody, and no service twice', () => {
    const others = contract.kind === 'question' ? contract.askers : contract.listeners;
    expect(others.length).toBeGreaterThan(0);
    expect(new Set(others).size).toBe(others.length);
  });

  it('carries JSON objects, since a list would be several messages', () => {
    for (const message of messagesOf(contract)) {
      expect(z.toJSONSchema(message, { io: 'input', unrepresentable: 'any' })).toMatchObject({ type: 'object' });
    }
  });
});

describe.each(questions)('the question $subject', (question) => {
  it('has a deadline of at most three seconds', () => {
    expect(question.deadline_ms).toBeGreaterThanOrEqual(100);
    expect(question.deadline_ms).toBeLessThanOrEqual(3000);
  });

  it('does not call a refusal of its own unavailable, which is the word of the bus', () => {
    expect(question.refusals).not.toContain('unavailable');
    expect(new Set<string>(question.refusals).size).toBe(question.refusals.length);
  });
});

describe.each(durableEvents)('the durable event $subject', (event) => {
  it('is tried several times, later each time', () => {
    expect(event.max_deliveries).toBeGreaterThan(1);
    expect([...event.backoff_ms].sort((a, b) => a - b)).toEqual(event.backoff_ms);
    expect(event.backoff_ms.length).toBeGreaterThan(0);
  });

  it('gives a handler a second at least, and two minutes at most', () => {
    expect(event.ack_wait_ms).toBeGreaterThanOrEqual(1000);
    expect(event.ack_wait_ms).toBeLessThanOrEqual(120_000);
  });
});
