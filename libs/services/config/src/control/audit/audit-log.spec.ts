import { openDatabase, poolOf, type Database } from '@corsac/data';
import { describeWith } from '@corsac/testing/backing';
import { migrations } from '../../store/migrations.js';
import { PostgresAuditLog } from '../../store/postgres-audit-log.js';
import { auditLogSuite } from './audit-log-suite.js';
import { MemoryAuditLog } from './memory-audit-log.js';

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
