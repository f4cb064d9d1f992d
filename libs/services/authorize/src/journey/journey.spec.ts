import { openDatabase, type Database } from '@corsac/data';
import { silentLogger } from '@corsac/telemetry';
import { describeWith } from '@corsac/testing/backing';
import type { Frame, Sequence } from '../sequence/sequence.js';
import { PostgresJourneyStore } from '../store/postgres-journey-store.js';
import { migrations } from '../store/migrations.js';
import { Sql } from '../store/sql.js';
import { eventsOfTurn, standingOf } from './events-of-turn.js';
import type { RecordedEvent } from './journey-store.js';
import { JourneyRecorder } from './recorder.js';

const frame = (more: Partial<Frame> = {}): Frame => ({
  track: '-',
  down: { party: 'shop', type: 'oidc', issuer: 'https://id.test/acme/-/shop', request: {} },
  login: { up_parties: ['login'], prompt: [], acr_values: [], mfa: false, ui_locales: [] },
  ...more,
});

const sequence = (...frames: Frame[]): Sequence => ({
  id: 's1',
  tenant: 'acme',
  created: 0,
  expires: 100,
  binding: 'b',
  revision: 0,
  frames,
});

const signedIn = {
  ok: true,
  up_party: 'login',
  up_party_type: 'login',
  sub: 'u',
  claims: { sub: 'u', email: 'a secret address' },
  auth_time: 1,
  amr: ['pwd'],
  beneath: [],
} as const;

describe('what happened in a turn', () => {
  it('tells which up-party was chosen, and what is shown', () => {
    const before = standingOf(sequence(frame()));
    const events = eventsOfTurn(before, sequence(frame({ upParty: 'login' })), { kind: 'page', page: { html: '' } });
    expect(events).toEqual([
      { track: '-', party: 'login', kind: 'up_party.chosen', outcome: 'ok' },
      { track: '-', party: 'login', kind: 'page.shown', outcome: 'waiting' },
    ]);
  });

  it('names claims and never their values', () => {
    const before = standingOf(sequence(frame({ upParty: 'login' })));
    const events = eventsOfTurn(before, sequence(frame({ upParty: 'login', result: signedIn })), { kind: 'continue' });
    expect(events).toEqual([
      { track: '-', party: 'login', kind: 'up_party.answered', outcome: 'ok', claims_after: ['sub', 'email'] },
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('tells both ends of a hop', () => {
    const near = frame({ upParty: 'link' });
    const far = frame({ track: 'partner', down: { party: 'back', type: 'track_link', issuer: 'x', request: {} } });
    expect(eventsOfTurn(standingOf(sequence(near)), sequence(near, far), { kind: 'continue' })[0]).toMatchObject({
      kind: 'track_link.opened',
      track: 'partner',
    });
    const answered = sequence({ ...near, result: signedIn });
    expect(
      eventsOfTurn(standingOf(sequence(near, far)), answered, { kind: 'continue' }).map(({ kind }) => kind),
    ).toEqual(['track_link.answered', 'up_party.answered']);
  });

  it('says why it was refused, and of an address only where it leads', () => {
    const refused = frame({
      upParty: 'p',
      result: { ok: false, error: 'access_denied', error_description: 'no', detail: 'the provider said no' },
    });
    expect(
      eventsOfTurn(standingOf(sequence(frame({ upParty: 'p' }))), sequence(refused), { kind: 'continue' }),
    ).toEqual([
      {
        track: '-',
        party: 'p',
        kind: 'up_party.refused',
        outcome: 'refused',
        detail: 'access_denied: the provider said no',
      },
    ]);
    const asked = eventsOfTurn(standingOf(sequence(frame({ upParty: 'p' }))), sequence(frame({ upParty: 'p' })), {
      kind: 'redirect',
      url: 'https://op.test/auth?state=secret',
    });
    expect(asked).toEqual([
      { track: '-', party: 'p', kind: 'up_party.asked', outcome: 'waiting', detail: 'https://op.test' },
    ]);
  });
});

describe('the recorder', () => {
  const place = { tenant: 'acme', sequence_id: 's1', journey: 'login' as const, settings: { journey_retention: 60 } };
  const event = { track: '-', kind: 'up_party.chosen', outcome: 'ok' as const };
  const recorderWith = (append: (events: readonly RecordedEvent[]) => Promise<void>) =>
    new JourneyRecorder({
      store: { append, list: async () => ({ journeys: [] }), prune: async () => undefined },
      nowMs: () => 5,
      logger: silentLogger,
      everyMs: 1000,
    });

  it('writes events together and in order', async () => {
    const written: RecordedEvent[][] = [];
    const recorder = recorderWith(async (events) => void written.push([...events]));
    recorder.record(place, event);
    recorder.record(place, { ...event, kind: 'page.shown' });
    await recorder.flush();
    expect(written.map((events) => events.map(({ kind, at_ms }) => [kind, at_ms]))).toEqual([
      [
        ['up_party.chosen', 5],
        ['page.shown', 5],
      ],
    ]);
  });

  it('keeps events while the database is away, and costs the journey nothing', async () => {
    const written: RecordedEvent[] = [];
    let away = true;
    const recorder = recorderWith(async (events) => {
      if (away) throw new Error('away');
      written.push(...events);
    });
    recorder.record(place, event);
    await recorder.flush();
    away = false;
    await recorder.flush();
    expect(written).toHaveLength(1);
  });

  it('records nothing where a track keeps no journeys', async () => {
    const written: RecordedEvent[] = [];
    const recorder = recorderWith(async (events) => void written.push(...events));
    recorder.record({ ...place, settings: { journey_retention: 0 } }, event);
    await recorder.flush();
    expect(written).toEqual([]);
  });
});

describeWith('postgres', (url) => {
  let database: Database;
  let store: PostgresJourneyStore;
  beforeAll(async () => {
    database = await openDatabase({ url, schema: 'authorize', entities: [], migrations });
    store = new PostgresJourneyStore(new Sql(database));
  }, 60_000);
  afterAll(async () => database?.destroy());

  const event = (more: Partial<RecordedEvent>): RecordedEvent => ({
    tenant: 'acme',
    sequence_id: 's1',
    journey: 'login',
    track: '-',
    kind: 'page.shown',
    outcome: 'waiting',
    at_ms: 1000,
    keep_s: 60,
    ...more,
  });

  it('finds a journey by every track that it touched, newest first, and by its sequence', async () => {
    await store.append([
      event({}),
      event({ track: 'partner', kind: 'track_link.opened', at_ms: 1100 }),
      event({ kind: 'down_party.answered', outcome: 'ok', at_ms: 1200 }),
    ]);
    await store.append([
      event({ sequence_id: 's2', at_ms: 2000 }),
      event({ tenant: 'other', sequence_id: 's3', at_ms: 3000 }),
    ]);
    const { journeys: here, more } = await store.list({ tenant: 'acme', track: '-', limit: 10 });
    expect(more).toBeUndefined();
    expect(here.map(({ sequence_id, outcome }) => [sequence_id, outcome])).toEqual([
      ['s2', 'running'],
      ['s1', 'done'],
    ]);
    expect(here[1]?.events).toHaveLength(3);
    expect(
      (await store.list({ tenant: 'acme', track: 'partner', limit: 10 })).journeys.map(
        ({ sequence_id }) => sequence_id,
      ),
    ).toEqual(['s1']);
    expect(await store.list({ tenant: 'acme', track: '-', sequence_id: 's3', limit: 10 })).toEqual({ journeys: [] });
  });

  it('lists a page after another without passing one over or telling one twice', async () => {
    const at = (sequence_id: string, at_ms: number) => event({ tenant: 'paged', sequence_id, at_ms });
    await store.append([at('a', 10), at('b', 20), at('c', 20), at('d', 20), at('e', 30)]);
    // It goes on later: it stands where its last word was.
    await store.append([at('a', 40)]);
    const seen: string[] = [];
    for (let after: string | undefined, turns = 0; turns < 5; turns += 1) {
      const page = await store.list({ tenant: 'paged', track: '-', limit: 2, ...(after && { after }) });
      seen.push(...page.journeys.map(({ sequence_id }) => sequence_id));
      after = page.more;
      if (after === undefined) break;
    }
    expect(seen).toEqual(['a', 'e', 'b', 'c', 'd']);
  });

  it('keeps an event with texts that Postgres refuses', async () => {
    const party = 'nul \0, half \ud800, "quoted" \\ and\nbroken';
    const at_ms = 1500;
    await store.append([event({ tenant: 'odd', sequence_id: 's9', party, at_ms })]);
    const { journeys } = await store.list({ tenant: 'odd', track: '-', limit: 10 });
    expect(journeys[0]?.events).toMatchObject([{ party, at_ms }]);
  });

  it('forgets a journey when its time is over', async () => {
    await store.prune(1000 + 60_000 + 1000);
    const { journeys } = await store.list({ tenant: 'acme', track: '-', limit: 10 });
    expect(journeys.map(({ sequence_id }) => sequence_id)).toEqual(['s2']);
  });
});
