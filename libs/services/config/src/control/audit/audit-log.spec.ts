import { openDatabase, poolOf, type Database } from '@corsac/data';
import { describeWith } from '@corsac/testing/backing';
import { migrations } from '../../store/migrations.js';
import { PostgresAuditLog } from '../../store/audit-log/postgres-audit-log.js';
import type { AuditBegin, AuditedChange, AuditEntry, AuditLog } from './audit-log.js';
import type { AuditedPlace, OldEntries } from './forget-old.js';
import { MemoryAuditLog } from './memory-audit-log.js';

/** What every audit log must do. */
interface AuditLogUnderTest {
  /** An empty one, by a clock that stands at what `setNow` said last. Tracks are there as `putTrack` says. */
  log(): AuditLog & OldEntries;
  setNow(ms: number): void;
  putTrack(tenant: string, track: string, retention_s: number): Promise<void> | void;
}

const begin = (parts: Partial<AuditBegin> = {}): AuditBegin => ({
  tenant: 'acme',
  track: '-',
  operation: 'putUpParty',
  actor: { sub: 'ada', client_id: 'corsac_control', name: 'Ada' },
  path: '/api/acme/-/up_parties/azure',
  request_id: 'r-1',
  ...parts,
});

const change: AuditedChange = {
  target: 'up-party azure',
  kind: 'updated',
  fields: [
    { path: ['scopes', 0], before: 'openid', after: 'email' },
    { path: ['client_secret'], before: '***', after: '***' },
  ],
};

const odd = 'NUL \0 quote " backslash \\ half \ud800 deer 🦌';

/** The rules, as tests of whichever log. */
const auditLogSuite = (name: string, under: AuditLogUnderTest): void => {
  const idsOf = (entries: readonly AuditEntry[]): string[] => entries.map(({ id }) => id);

  describe(`Audit log, ${name}`, () => {
    let log: AuditLog & OldEntries;
    beforeEach(() => {
      under.setNow(1_800_000_000_000);
      log = under.log();
    });

    it('has an entry before anything is changed, which tells who is at what', async () => {
      const id = await log.begin(begin());
      const [entry, ...others] = await log.list({ tenant: 'acme', track: '-', limit: 10 });
      expect(entry).toEqual({ ...begin(), id, at_ms: 1_800_000_000_000, outcome: 'begun', changes: [] });
      expect(others).toEqual([]);
    });

    it.each(['done', 'refused', 'failed'] as const)('tells how it ended: %s', async (outcome) => {
      const id = await log.begin(begin());
      await log.end(id, { outcome, changes: [change], detail: '412 It has been changed.' });
      expect(await log.list({ tenant: 'acme', limit: 1 })).toMatchObject([
        { id, outcome, changes: [change], detail: '412 It has been changed.' },
      ]);
    });

    it('counts the first end only, and none of an entry that it does not have', async () => {
      const id = await log.begin(begin());
      await log.end(id, { outcome: 'done', changes: [change] });
      await log.end(id, { outcome: 'failed', changes: [] });
      for (const other of ['', 'x', '9'.repeat(19), '9'.repeat(30), '-1'])
        await log.end(other, { outcome: 'failed', changes: [] });
      const [entry] = await log.list({ tenant: 'acme', limit: 1 });
      expect(entry).toMatchObject({ outcome: 'done', changes: [change] });
      expect(entry).not.toHaveProperty('detail');
    });

    it('keeps every text as it is', async () => {
      const path = '/api/acme/-/up_parties/%00';
      const id = await log.begin(begin({ path, actor: { sub: odd, client_id: 'c', name: odd } }));
      const fields = [{ path: [odd], before: { [odd]: odd }, after: [odd, null, 1e21, true] }];
      await log.end(id, { outcome: 'done', detail: odd, changes: [{ target: odd, kind: 'created', fields }] });
      const [entry] = await log.list({ tenant: 'acme', sub: odd, limit: 1 });
      expect(entry).toMatchObject({ path, actor: { sub: odd, name: odd }, detail: odd, changes: [{ fields }] });
    });

    it('tells the newest first, page by page, in ids whose texts have an order', async () => {
      const ids: string[] = [];
      for (let count = 0; count < 12; count += 1) ids.push(await log.begin(begin({ request_id: `r-${count}` })));
      expect([...ids].sort()).toEqual(ids);
      const first = await log.list({ tenant: 'acme', track: '-', limit: 5 });
      const second = await log.list({ tenant: 'acme', track: '-', limit: 5, before: first.at(-1)!.id });
      const third = await log.list({ tenant: 'acme', track: '-', limit: 5, before: second.at(-1)!.id });
      expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual([...ids].reverse());
      expect(await log.list({ tenant: 'acme', limit: 5, before: ids[0] })).toEqual([]);
    });

    it.each(['', 'x', '9'.repeat(20), '1 or 1=1', '-1', '1.5'])(
      'tells nothing before what is no id: %p',
      async (before) => {
        await log.begin(begin());
        expect(await log.list({ tenant: 'acme', limit: 5, before })).toEqual([]);
      },
    );

    it('tells entries of the tenant that is asked for, of one track or all, of one administrator or all', async () => {
      const one = await log.begin(begin());
      const other = await log.begin(begin({ track: 'master', actor: { sub: 'bob', client_id: 'c' } }));
      await log.begin(begin({ tenant: 'globex' }));
      const list = async (asked: { track?: string; sub?: string }) =>
        idsOf(await log.list({ tenant: 'acme', limit: 10, ...asked }));
      expect(await list({})).toEqual([other, one]);
      expect(await list({ track: '-' })).toEqual([one]);
      expect(await list({ track: 'master' })).toEqual([other]);
      expect(await list({ sub: 'bob' })).toEqual([other]);
      expect(await list({ track: '-', sub: 'bob' })).toEqual([]);
    });

    it('knows which tracks have entries and how long each keeps them, also those that are gone', async () => {
      await under.putTrack('acme', '-', 86_400);
      for (const track of ['-', 'gone', '-']) await log.begin(begin({ track }));
      const places: AuditedPlace[] = [];
      for await (const place of log.places()) places.push(place);
      expect(places).toEqual([
        { tenant: 'acme', track: '-', retention_s: 86_400 },
        { tenant: 'acme', track: 'gone' },
      ]);
    });

    it('forgets old entries of one track', async () => {
      await log.begin(begin());
      const other = await log.begin(begin({ track: 'other' }));
      expect(await log.forget({ tenant: 'acme', track: '-', before_ms: 1_800_000_000_001 })).toBe(1);
      expect(idsOf(await log.list({ tenant: 'acme', limit: 10 }))).toEqual([other]);
    });
  });
};

describe('in memory', () => {
  let now = 0;
  const retention = new Map<string, number>();
  auditLogSuite('in memory', {
    log: () =>
      new MemoryAuditLog(
        () => now,
        ({ tenant, track }) => retention.get(`${tenant}/${track}`),
      ),
    setNow: (ms) => void (now = ms),
    putTrack: (tenant, track, retention_s) => void retention.set(`${tenant}/${track}`, retention_s),
  });
});

describeWith('postgres', (url) => {
  let database: Database;
  let now = 0;

  beforeAll(async () => {
    database = await openDatabase({ url, schema: 'config', entities: [], migrations });
  });
  afterAll(() => database.destroy());
  beforeEach(async () => {
    await poolOf(database).query('truncate audit_entry, track cascade');
  });

  auditLogSuite('in Postgres', {
    log: () => new PostgresAuditLog(database, () => now),
    setNow: (ms) => void (now = ms),
    putTrack: async (tenant, track, audit_retention) => {
      const doc = JSON.stringify({ settings: { audit_retention } });
      await poolOf(database).query('insert into track values ($1, $2, 1, $3)', [tenant, track, doc]);
    },
  });

  describe('A log of many tracks and entries', () => {
    const fill = (places: number, each: number): Promise<unknown> =>
      poolOf(database).query(
        `insert into audit_entry (tenant, track, sub, at_ms, outcome, begun)
         select 'acme', 't' || place, 'ada', entry, 'begun', '{}'
         from generate_series(1, $1) place, generate_series(1, $2) entry`,
        [places, each],
      );

    it('tells every track that has entries, however many', async () => {
      await fill(1200, 2);
      const tracks = new Set<string>();
      for await (const { track } of new PostgresAuditLog(database, () => now).places()) tracks.add(track);
      expect(tracks.size).toBe(1200);
    });

    it('forgets more than goes in one statement', async () => {
      await fill(1, 12_000);
      const log = new PostgresAuditLog(database, () => now);
      expect(await log.forget({ tenant: 'acme', track: 't1', before_ms: 11_999 })).toBe(11_998);
      expect(await log.list({ tenant: 'acme', limit: 10 })).toHaveLength(2);
    });
  });
});
