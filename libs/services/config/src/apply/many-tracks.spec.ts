import type { Bus, ChangedTrack } from '@corsac/contracts';
import { Fingerprinter, openDatabase, PasswordHasher, poolOf, Sealer, type Database } from '@corsac/data';
import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import type { PoolClient } from 'pg';
import { PrepareSecrets } from '../secrets/prepare.js';
import { migrations } from '../store/migrations.js';
import { PostgresTrackStore } from '../store/postgres-track-store.js';
import { applyDeclarative, type ApplyOptions } from './apply.js';

const track = (name: string, scope: string): object => ({
  name,
  up_parties: [{ type: 'login', name: 'login' }],
  down_parties: [
    { type: 'oauth2', name: 'api', resource: { scopes: [scope] } },
    { type: 'oauth2', name: 'worker', grant_types: ['client_credentials'], secrets: ['a secret that is long enough'] },
  ],
  users: [{ email: 'ada@example.com' }],
});

const count = 500;
const names = Array.from({ length: count }, (_, at) => `t${at}`);
const fileOf = (tracks: readonly object[]) => [
  { file: 'many.yaml', text: JSON.stringify({ tenants: [{ name: 'acme', tracks }] }) },
];
const many = (scopeOf: (name: string) => string = () => 'read') =>
  fileOf(names.map((name) => track(name, scopeOf(name))));

describeWith('postgres', (url) => {
  const texts: string[] = [];
  const noticed: ChangedTrack[][] = [];
  let database: Database;
  let failAt = Infinity;

  /** Counts what goes over the wire, and breaks a connection where a test wants it. */
  const listen = (client: PoolClient): void => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    const counted = (...given: unknown[]): unknown => {
      const [first] = given as [string | { text: string }];
      const text = typeof first === 'string' ? first : first.text;
      texts.push(text);
      if (/^\s*commit/i.test(text) && (failAt -= 1) < 0) return Promise.reject(new Error('the connection is gone'));
      return query(...given);
    };
    Object.assign(client, { query: counted });
  };

  const apply = async (files: ReturnType<typeof fileOf>, options: Partial<ApplyOptions> = {}) => {
    texts.length = noticed.length = 0;
    const parts = {
      hasher: new PasswordHasher(),
      fingerprinter: new Fingerprinter(testMasterKeys(), 'client-secret'),
      sealer: new Sealer(testMasterKeys()),
      now: () => 1_000,
    };
    const applied = await applyDeclarative(
      {
        store: new PostgresTrackStore(database),
        secrets: () => new PrepareSecrets(parts),
        bus: {
          publish: async (_: unknown, { changes }: { changes: ChangedTrack[] }) => void noticed.push(changes),
        } as unknown as Bus,
        declared: new Fingerprinter(testMasterKeys(), 'declared-entry'),
      },
      files,
      { env: {}, ...options },
    );
    if (!applied.ok) throw new Error(JSON.stringify(applied.error));
    return applied.value;
  };
  const rows = async (text: string): Promise<number> =>
    Number((await poolOf(database).query<{ n: string }>(`select count(*) as n from ${text}`)).rows[0]?.n);
  const writing = () => texts.filter((text) => /^\s*(with|insert|update|delete)/i.test(text));
  const commits = () => texts.filter((text) => /^\s*commit/i.test(text)).length;

  beforeAll(async () => {
    database = await openDatabase({ url, schema: 'config', entities: [], migrations });
    poolOf(database).on('connect', listen);
    const first = await poolOf(database).connect();
    listen(first);
    first.release();
  });
  afterAll(() => database.destroy());

  describe('Applying many tracks', () => {
    it('goes on where it was interrupted', async () => {
      failAt = 1;
      await expect(apply(many())).rejects.toThrow();
      failAt = Infinity;
      const written = await rows('track');
      expect(written).toBeGreaterThan(0);
      expect(written).toBeLessThan(count);
      expect(await rows('outbox')).toBe(written);
      const { tracks } = await apply(many());
      expect(tracks).toHaveLength(count - written);
    }, 60_000);

    it('takes a transaction and some statements for hundreds of them', async () => {
      await poolOf(database).query('truncate track cascade');
      const { tracks } = await apply(many());
      expect(tracks).toHaveLength(count);
      expect(commits()).toBe(5);
      expect(texts.length).toBeLessThan(80);
    }, 60_000);

    it('leaves every track whole: parties, users on their way, its number and the promise to tell of it', async () => {
      const store = new PostgresTrackStore(database);
      const kept = await store.read('acme', 't499');
      expect(kept?.version).toBe(1);
      expect(kept?.track).toMatchObject({ name: 't499', tenant: 'acme', up_parties: [{ name: 'login' }] });
      expect(kept?.track.down_parties.map(({ name }) => name)).toEqual(['api', 'worker']);
      const { tracks } = await apply(many(() => 'write'));
      expect(new Set(tracks.map(({ number }) => number)).size).toBe(count);
      expect(tracks.map(({ track: name }) => name)).toEqual(names);
      const told = `outbox where payload->>'track' = 't499' and subject like '%configuration.changed'`;
      expect(await rows(`(select 1 from ${told}) as one`)).toBeGreaterThan(1);
      expect(await rows('user_handover')).toBeGreaterThanOrEqual(count);
    }, 60_000);

    it('writes nothing when nothing has changed', async () => {
      const { tracks, changes } = await apply(many(() => 'write'));
      expect([tracks, changes, noticed]).toEqual([[], [], []]);
      expect(writing().filter((text) => !/insert into tenant/.test(text))).toEqual([]);
      expect(commits()).toBe(0);
    }, 60_000);

    it('writes only those that have changed, under the next version', async () => {
      const { tracks } = await apply(many((name) => (name === 't7' || name === 't400' ? 'list' : 'write')));
      expect(tracks.map(({ track: name }) => name)).toEqual(['t7', 't400']);
      const kept = await new PostgresTrackStore(database).readAll('acme', ['t7', 't8', 'nowhere']);
      expect([...kept.keys()]).toEqual(['t7', 't8']);
      expect(kept.get('t7')?.version).toBe((kept.get('t8')?.version ?? 0) + 1);
    }, 60_000);

    it('reads tracks that are asked for in the same moment in one statement', async () => {
      const store = new PostgresTrackStore(database);
      texts.length = 0;
      const read = await Promise.all([...names.slice(0, 100), 'nowhere', 't0'].map((name) => store.read('acme', name)));
      expect(read.map((kept) => kept?.track.name)).toEqual([...names.slice(0, 100), undefined, 't0']);
      expect(await store.read('elsewhere', 't0')).toBeUndefined();
      expect(texts).toHaveLength(2);
    }, 60_000);

    it('tells caches of a portion at a time, far below the largest message', async () => {
      await apply(many());
      expect(noticed.length).toBeGreaterThan(1);
      expect(noticed.flat()).toHaveLength(count);
      for (const changes of noticed) expect(JSON.stringify(changes).length).toBeLessThan(100_000);
    }, 60_000);

    it('tells who asks for changes as many as a message holds, and the next ones after them', async () => {
      const store = new PostgresTrackStore(database);
      const { latest } = await store.changesAfter(0);
      await apply(many(() => 'one'));
      await apply(many(() => 'two'));
      await apply(many(() => 'three'));
      const first = await store.changesAfter(latest);
      expect(first).toMatchObject({ reset: false, latest: latest + 1000 });
      expect(first.changes).toHaveLength(1000);
      const rest = await store.changesAfter(first.latest);
      expect(rest.changes).toHaveLength(500);
      expect(rest.latest).toBe((await store.changesAfter(0)).latest);
    }, 60_000);

    it('removes with prune what no file has, and nothing without it', async () => {
      await apply(fileOf([track('t0', 'three')]));
      expect(await rows('track')).toBe(count);
      const { tracks, changes } = await apply(fileOf([track('t0', 'three')]), { prune: true });
      expect(await rows('track')).toBe(1);
      expect(tracks.every(({ removed }) => removed)).toBe(true);
      expect(changes.filter(({ action, kind }) => action === 'delete' && kind === 'track')).toHaveLength(count - 1);
      expect(commits()).toBe(5);
    }, 60_000);
  });
});
