import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { listJourneys } from '../authorize/journey.js';
import { trackLinkAnswered, trackLinkRequested } from '../authorize/track-link.js';
import { durableEvent, event, question } from '../contract/contract.js';
import { deadLettered } from '../contract/dead-letter.js';
import { durableEvents, events, questions } from '../registry.js';
import { consumerOf, deadLetterSubject, inboxPrefix, storedSubject, streamOf } from './names.js';
import { natsAccounts, passwordVariable } from './nats-accounts.js';
import { busUsers, type Contracts } from './permissions.js';

const small: Contracts = {
  questions: [
    question({
      subject: 'corsac.token.v1.code.issue',
      owner: 'token',
      askers: ['authorize'],
      request: z.object({}),
      response: z.object({}),
      refusals: [],
    }),
  ],
  events: [
    event({
      subject: 'corsac.config.v1.track.changed_notice',
      owner: 'config',
      listeners: ['token'],
      payload: z.object({}),
      delivery: 'every_replica',
    }),
  ],
  durableEvents: [
    durableEvent({
      subject: 'corsac.session.v1.session.ended',
      owner: 'session',
      listeners: ['token'],
      payload: z.object({}),
    }),
  ],
};

const userOf = (name: string, streams_by: 'setup' | 'services' = 'setup') =>
  busUsers(small, { streams_by }).find(({ user }) => user === name);

describe('names on NATS', () => {
  const [ended] = small.durableEvents;
  if (!ended) throw new Error('no durable event');

  it('has a stream per owner and one for dead letters', () => {
    expect([streamOf(ended), streamOf(deadLettered)]).toEqual(['CORSAC_SESSION', 'CORSAC_DEAD']);
  });

  it('has a consumer per event, version and listening service, in a name that JetStream takes', () => {
    const names = [consumerOf(ended, 'token'), consumerOf(deadLettered, 'config')];
    expect(names).toEqual(['token-v1-session-ended', 'config-dead_letter']);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('gives no two consumers of the system the same name', () => {
    const names = [...durableEvents, deadLettered].flatMap((one) =>
      one.listeners.map((service) => `${streamOf(one)} ${consumerOf(one, service)}`),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('stores an event under its own subject, and letters under the name of who wrote them', () => {
    expect(storedSubject(ended)).toBe(ended.subject);
    expect([storedSubject(deadLettered), deadLetterSubject('token')]).toEqual([
      'corsac.dead_letter.*',
      'corsac.dead_letter.token',
    ]);
  });
});

describe('permissions from contracts', () => {
  it('lets an asker ask, and hear its own inbox only', () => {
    expect(userOf('authorize')).toEqual({
      user: 'authorize',
      publish: ['corsac.token.v1.code.issue'],
      subscribe: ['_INBOX_authorize.>'],
      answers: false,
    });
  });

  it('lets a listener hear events, fetch from its consumer, acknowledge, and write its dead letters', () => {
    expect(userOf('token')).toEqual({
      user: 'token',
      publish: [
        '$JS.ACK.CORSAC_SESSION.token-v1-session-ended.>',
        '$JS.API.CONSUMER.INFO.CORSAC_SESSION.token-v1-session-ended',
        '$JS.API.CONSUMER.MSG.NEXT.CORSAC_SESSION.token-v1-session-ended',
        'corsac.dead_letter.token',
      ],
      subscribe: ['_INBOX_token.>', 'corsac.config.v1.track.changed_notice', 'corsac.token.v1.code.issue'],
      answers: true,
    });
  });

  it('lets an owner publish its events and see whether its stream is there', () => {
    expect(userOf('session')?.publish).toEqual([
      '$JS.API.STREAM.INFO.CORSAC_SESSION',
      'corsac.session.v1.session.ended',
    ]);
    expect(userOf('session')?.subscribe).toEqual(['_INBOX_session.>']);
  });

  it('gives the making of streams to setup, who hears and sends nothing', () => {
    const setup = userOf('setup');
    expect(setup?.publish).toContain('$JS.API.STREAM.CREATE.CORSAC_SESSION');
    expect(setup?.publish).toContain(
      '$JS.API.CONSUMER.CREATE.CORSAC_SESSION.token-v1-session-ended.corsac.session.v1.session.ended',
    );
    expect(setup?.publish.filter((subject) => !subject.startsWith('$JS.API.'))).toEqual([]);
    expect(setup?.subscribe).toEqual(['_INBOX_setup.>']);
  });

  it('lets services make their own streams only when that is chosen, and has no setup user then', () => {
    expect(userOf('session', 'services')?.publish).toContain('$JS.API.STREAM.CREATE.CORSAC_SESSION');
    expect(userOf('token', 'services')?.publish).not.toContain('$JS.API.STREAM.CREATE.CORSAC_SESSION');
    expect(userOf('setup', 'services')).toBeUndefined();
  });

  const everyUser = (['setup', 'services'] as const).flatMap((streams_by) =>
    busUsers({ questions, events, durableEvents }, { streams_by }).map((user) => ({ ...user, streams_by })),
  );

  it.each(everyUser)('gives $user no wildcard but its inbox, its acknowledgements (streams by $streams_by)', (user) => {
    const wide = [...user.publish, ...user.subscribe].filter((subject) => /[*>]/.test(subject));
    const own = wide.filter(
      (subject) =>
        subject === `${inboxPrefix(user.user)}.>` ||
        /^\$JS\.ACK\.CORSAC_[A-Z]+\.[a-z0-9_-]+\.>$/.test(subject) ||
        /^\$JS\.API\.CONSUMER\.CREATE\.CORSAC_DEAD\.config-dead_letter\.corsac\.dead_letter\.\*$/.test(subject),
    );
    expect(wide).toEqual(own);
  });
});

describe('who may say that a journey hops to another track', () => {
  const users = busUsers({ questions, events, durableEvents });
  const may = (what: 'publish' | 'subscribe', subject: string): string[] =>
    users.filter((user) => user[what].includes(subject)).map(({ user }) => user);

  it.each([trackLinkRequested.subject, trackLinkAnswered.subject])(
    '%s: authorize alone, who also hears it',
    (subject) => {
      expect(may('publish', subject)).toEqual(['authorize']);
      expect(may('subscribe', subject)).toEqual(['authorize']);
    },
  );

  it('only config may read the record of journeys, and only authorize answers', () => {
    expect(may('publish', listJourneys.subject)).toEqual(['config']);
    expect(may('subscribe', listJourneys.subject)).toEqual(['authorize']);
  });
});

describe('the accounts file', () => {
  const text = natsAccounts(small);

  it('reads passwords from the environment and has none inside', () => {
    expect(text).toContain(`password: $${passwordVariable('token')}`);
    expect(passwordVariable('token')).toBe('NATS_TOKEN_PASSWORD');
    expect(text).not.toMatch(/password: "/);
  });

  it('takes passwords that are given, whatever is in them', () => {
    expect(natsAccounts(small, { passwords: { token: 'a"b\\c' } })).toContain('password: "a\\"b\\\\c"');
  });

  it('lets only those answer who are asked something', () => {
    expect(text.match(/allow_responses/g)).toHaveLength(1);
  });

  it('is in deploy/nats as the contracts are (node deploy/nats/accounts.mjs after a build)', () => {
    const file = readFileSync(join(__dirname, '../../../../deploy/nats/accounts.conf'), 'utf8');
    expect(file).toBe(natsAccounts({ questions, events, durableEvents }));
  });
});
