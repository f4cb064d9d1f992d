import { openDatabase, Sealer, type Database } from '@corsac/data';
import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { makeKey } from '../keys/make-key.js';
import { planKeys } from '../keys/plan-keys.js';
import type { MadeKey } from '../keys/track-key.js';
import type { NewRefreshGrant, SignInGrant } from '../refresh-grants/grant-store.js';
import { IndexGrantUser1764000000001 } from './index-grant-user.migration.js';
import { CreateTokenTables1764000000000 } from './create-tables.migration.js';
import { DataSourceSql } from './data-source-sql.js';
import { PostgresEndedStore } from './postgres-ended-store.js';
import { PostgresGrantStore } from './postgres-grant-store.js';
import { PostgresKeyStore } from './postgres-key-store.js';

const at = { tenant: 'acme', track: '-' };
const now = 1_800_000_000;

describeWith('postgres', (url) => {
  let database: Database;
  let keys: PostgresKeyStore;
  let grants: PostgresGrantStore;
  let ended: PostgresEndedStore;
  beforeAll(async () => {
    const migrations = [CreateTokenTables1764000000000, IndexGrantUser1764000000001];
    database = await openDatabase({ url, schema: 'token', entities: [], migrations });
    const sql = new DataSourceSql(database);
    [keys, grants, ended] = [new PostgresKeyStore(sql), new PostgresGrantStore(sql), new PostgresEndedStore(sql)];
  });
  afterAll(() => database.destroy());

  describe('Key store', () => {
    const rules = {
      signing_algs: ['ES256'] as const,
      rotation_interval: 100,
      publish_before_use: 10,
      keep_after_use: 10,
    };
    const sealer = new Sealer(testMasterKeys());
    const step = (name: typeof at, when: number, made: MadeKey[]) =>
      keys.change([name], (rows) => {
        const plan = planKeys(rows, rules, { now: when });
        const add = plan.missing.flatMap(({ state, current_from }) =>
          made.splice(0, 1).map((key) => ({ ...key, state, current_from })),
        );
        return add.length < plan.missing.length ? { moves: [], add: [], due_at: when } : { ...plan, add };
      });
    const make = (name: typeof at) => makeKey('ES256', name, { sealer, now });

    it('lets one of many replicas begin a track, the others find it done', async () => {
      const name = { ...at, track: 'begin' };
      const made = await Promise.all(Array.from({ length: 6 }, () => make(name)));
      const changed = await Promise.all(made.map((key) => step(name, now, [key])));
      expect(changed.flat().filter(Boolean)).toHaveLength(1);
      const stored = await keys.read(name);
      expect(stored.keys.map(({ state }) => state)).toEqual(['current']);
      expect(stored.revision).toBe(1);
    });

    it('keeps private halves sealed, and lets go of them with retirement', async () => {
      const name = { ...at, track: 'retire' };
      await step(name, now, [await make(name)]);
      expect((await keys.read(name)).keys[0]?.sealed).toMatch(/^v1\./);
      await step(name, now + 95, [await make(name)]);
      await step(name, now + 105, []);
      await step(name, now + 120, []);
      const rows = (await keys.read(name)).keys;
      // Both were made in the same second, so their order is not given.
      expect(Object.fromEntries(rows.map(({ state, sealed }) => [state, sealed === undefined]))).toEqual({
        retired: true,
        current: false,
      });
    });

    it('begins hundreds of tracks in one step, each with its own keys and its own revision', async () => {
      const names = Array.from({ length: 300 }, (_, index) => ({ ...at, track: `many-${index}` }));
      const made = await Promise.all(names.map(make));
      const other = { ...at, track: 'many-others' };
      await step(other, now, [await make(other)]);
      const changed = await keys.change(names, (_, index) => ({
        moves: [],
        add: index % 3 === 0 ? [] : [{ ...made[index]!, state: 'current' as const, current_from: now }],
        due_at: now + index,
      }));
      expect(changed.map((one, index) => one === (index % 3 !== 0))).not.toContain(false);
      const stored = await keys.readAll([...names].reverse());
      const kids = made.map(({ kid }, index) => (index % 3 === 0 ? [] : [kid])).reverse();
      expect(stored.map((one) => one.keys.map(({ kid }) => kid))).toEqual(kids);
      expect(stored.map(({ revision }) => revision)).toEqual(kids.map(({ length }) => length));
      expect((await keys.read(other)).keys).toHaveLength(1);
    });

    it('moves keys of several tracks at once, those that stop signing first', async () => {
      const names = ['move-a', 'move-b'].map((track) => ({ ...at, track }));
      for (const name of names) await step(name, now, [await make(name)]);
      const next = await Promise.all(names.map(make));
      await keys.change(names, (rows, index) => ({
        moves: [{ kid: rows[0]!.kid, to: 'previous', ends: now + 10 }],
        add: [{ ...next[index]!, state: 'next' as const, current_from: now + 5 }],
        due_at: now,
      }));
      await keys.change(names, (rows) => ({
        moves: rows.map(({ kid, state }) =>
          state === 'next' ? { kid, to: 'current', current_from: now + 5 } : { kid, to: 'retired' },
        ),
        add: [],
        due_at: now,
      }));
      for (const [index, { keys: rows }] of (await keys.readAll(names)).entries()) {
        const current = rows.find(({ state }) => state === 'current');
        expect(current).toMatchObject({ kid: next[index]!.kid, current_from: now + 5 });
        expect(current).not.toHaveProperty('ends');
        expect(rows.find(({ state }) => state === 'retired')).not.toHaveProperty('sealed');
      }
    });

    it('looks at changed tracks again, and at unknown ones, before all others', async () => {
      const known = { ...at, track: 'hasten-known' };
      await step(known, now, [await make(known)]);
      await keys.hasten([{ ...at, track: 'hasten-new' }, known]);
      const claimed = await keys.claimDue({ now, until: 0, limit: 100, lease_s: 60 });
      expect(claimed.map(({ track }) => track)).toEqual(expect.arrayContaining(['hasten-known', 'hasten-new']));
      expect(await keys.claimDue({ now, until: 0, limit: 100, lease_s: 60 })).toEqual([]);
    });

    it('gives a due track to one asker at a time, again after the lease', async () => {
      await keys.note([{ ...at, track: 'due' }]);
      const claim = (when: number) => keys.claimDue({ now: when, until: when, limit: 100, lease_s: 60 });
      const claimed = (await Promise.all([claim(now - 500), claim(now - 500), claim(now - 500)])).flat();
      expect(claimed.filter(({ track }) => track === 'due')).toHaveLength(1);
      expect((await claim(now - 450)).map(({ track }) => track)).not.toContain('due');
      expect((await claim(now - 430)).map(({ track }) => track)).toContain('due');
    });

    it('tells what changed since a moment of its own clock', async () => {
      const name = { ...at, track: 'changed' };
      const before = await keys.changedSince(Number.MAX_SAFE_INTEGER);
      expect(before.changed).toEqual([]);
      await step(name, now, [await make(name)]);
      expect((await keys.changedSince(before.now_ms)).changed).toEqual([{ ...name, revision: 1 }]);
    });
  });

  describe('Grant store', () => {
    let count = 0;
    const grant = (parts: Partial<NewRefreshGrant> = {}): NewRefreshGrant => ({
      ...at,
      grant_id: `grant-${(count += 1)}`,
      client_id: 'shop',
      sub: 'ada',
      sid: 's',
      created: now,
      expires: now + 100,
      absolute_end: now + 150,
      tokens_until: now + 60,
      granted: { claims: { email: 'ada@example.com' } } as unknown as SignInGrant,
      ...parts,
    });
    const rotation = (grant_id: string, generation: number) => ({
      ...at,
      grant_id,
      client_id: 'shop',
      generation,
      now: now + 10,
      sliding_end: now + 110,
      absolute_lifetime: 150,
      tokens_until: now + 70,
    });

    it('lets one of many parallel rotations through', async () => {
      const { grant_id } = await begun();
      const rotated = await Promise.all(Array.from({ length: 20 }, () => grants.rotate(rotation(grant_id, 0))));
      expect(rotated.filter(Boolean)).toHaveLength(1);
      expect(rotated.find(Boolean)).toMatchObject({
        generation: 1,
        rotated_at: now + 10,
        expires: now + 110,
        ended: false,
      });
    });

    it('slides, and never beyond the absolute lifetime unless there is none', async () => {
      const { grant_id } = await begun();
      expect(await grants.rotate({ ...rotation(grant_id, 0), sliding_end: now + 500 })).toMatchObject({
        expires: now + 150,
      });
      const unlimited = await begun({ absolute_end: undefined });
      const use = { ...rotation(unlimited.grant_id, 0), sliding_end: now + 500, absolute_lifetime: undefined };
      expect(await grants.rotate(use)).toMatchObject({ expires: now + 500 });
    });

    it.each([
      ['another client', { client_id: 'spa' }],
      ['another track', { track: 'other' }],
      ['another generation', { generation: 1 }],
      ['a time after its end', { now: now + 100 }],
    ])('does not rotate for %s', async (_what, parts) => {
      const { grant_id } = await begun();
      expect(await grants.rotate({ ...rotation(grant_id, 0), ...parts })).toBeUndefined();
    });

    it('rotates a bound grant with its key alone', async () => {
      const { grant_id } = await begun({ dpop_jkt: 'key' });
      expect(await grants.rotate(rotation(grant_id, 0))).toBeUndefined();
      expect(await grants.rotate({ ...rotation(grant_id, 0), dpop_jkt: 'other' })).toBeUndefined();
      expect(await grants.rotate({ ...rotation(grant_id, 0), dpop_jkt: 'key' })).toBeDefined();
    });

    it('never begins or rotates what was ended, whichever came first', async () => {
      const early = grant();
      await grants.end(at, early.grant_id, now + 60);
      expect(await grants.begin(early)).toBe(false);
      const { grant_id } = await begun();
      await grants.end(at, grant_id, now + 60);
      expect(await grants.rotate(rotation(grant_id, 0))).toBeUndefined();
    });

    it('leaves exactly one winner of a beginning and an end at the same time', async () => {
      for (let round = 0; round < 20; round += 1) {
        const one = grant();
        await Promise.all([grants.begin(one), grants.end(at, one.grant_id, now + 60)]);
        expect(await grants.rotate(rotation(one.grant_id, 0))).toBeUndefined();
      }
    });

    it('keeps no claims of an ended grant', async () => {
      const { grant_id } = await begun();
      await grants.end(at, grant_id, now + 60);
      expect(JSON.stringify(await grants.find(at, grant_id))).not.toContain('ada@example.com');
    });

    it('ends what fits a filter, and names it once', async () => {
      const one = await begun({ sub: 'bob', client_id: 'shop' });
      const two = await begun({ sub: 'bob', client_id: 'spa' });
      expect((await grants.endAll(at, { sub: 'bob', client_id: 'spa' })).map(({ id }) => id)).toEqual([two.grant_id]);
      expect((await grants.endAll(at, { sub: 'bob' })).map(({ id }) => id)).toEqual([one.grant_id]);
      expect(await grants.endAll({ ...at, track: 'other' }, { sub: 'ada' })).toEqual([]);
    });

    it('ends what stands on a user’s record by its id, whatever the subject became, and nothing of a later epoch', async () => {
      const of = (user_id: string, epoch: number, sub: string) =>
        begun({ sub, granted: { ...grant().granted, sub, user: { user_id, epoch } } });
      const plain = await of('u-7', 0, 'u-7');
      const renamed = await of('u-7', 0, 'partner|seven');
      const later = await of('u-7', 1, 'partner|seven');
      const legacy = await begun({ sub: 'u-7' });
      await of('u-8', 0, 'u-7');
      const idsOf = async (before_epoch?: number) =>
        (await grants.endAll(at, { user: { user_id: 'u-7', before_epoch } })).map(({ id }) => id).sort();
      expect(await idsOf(1)).toEqual([plain, renamed, legacy].map(({ grant_id }) => grant_id).sort());
      expect(await idsOf()).toEqual([later.grant_id]);
    });

    it('ends the grants of many sessions in one step', async () => {
      const [one, two] = [await begun({ sid: 's-1' }), await begun({ sid: 's-2' })];
      const sessions = ['s-1', 's-2', 's-3'].map((sid) => ({ ...at, sid }));
      const gone = await grants.endSessions(sessions);
      expect(gone.map(({ id }) => id).sort()).toEqual([one.grant_id, two.grant_id].sort());
      expect(gone[0]).toMatchObject({ kind: 'grant', until: now + 60 });
    });

    it('sweeps what is over and of whose tokens none can live, and nothing else', async () => {
      const over = await begun({ expires: now - 1000, absolute_end: now - 1000 });
      const alive = await begun({ expires: now + 9000, absolute_end: now - 1000 });
      const dead = await begun();
      await grants.end(at, dead.grant_id, now + 60);
      await grants.sweep(now);
      expect(await grants.find(at, over.grant_id)).toBeUndefined();
      expect(await grants.find(at, alive.grant_id)).toBeDefined();
      expect(await grants.find(at, dead.grant_id)).toMatchObject({ ended: true });
      await grants.sweep(now + 400);
      expect(await grants.find(at, dead.grant_id)).toBeUndefined();
    });

    const begun = async (parts: Partial<NewRefreshGrant> = {}): Promise<NewRefreshGrant> => {
      const one = grant(parts);
      expect(await grants.begin(one)).toBe(true);
      return one;
    };
  });

  describe('Store of ended things', () => {
    it('tells grants and tokens that ended since, as long as a token of theirs can live', async () => {
      const start = await ended.since(0, now);
      await ended.revoke({ ...at, kind: 'jti', id: 'j-1', until: now + 50 });
      await ended.revoke({ ...at, kind: 'jti', id: 'j-1', until: now + 50 });
      await ended.revoke({ ...at, kind: 'jti', id: 'j-old', until: now - 1 });
      await grants.end(at, 'grant-told', now + 60);
      const told = (await ended.since(start.now_ms, now)).ended.map(({ kind, id }) => `${kind} ${id}`);
      expect(told.sort()).toEqual(['grant grant-told', 'jti j-1']);
      await ended.sweep(now + 51);
      expect((await ended.since(start.now_ms, now)).ended.map(({ id }) => id)).toEqual(['grant-told']);
    });
  });

  it('takes everything of a removed track away', async () => {
    const name = { ...at, track: 'removed' };
    await keys.note([name]);
    await keys.remove(name);
    await grants.removeTrack(name);
    expect(await keys.read(name)).toEqual({ keys: [], revision: 0 });
  });
});
