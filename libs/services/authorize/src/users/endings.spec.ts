import { endGrants, endSession, type Bus, type SeenUser } from '@corsac/contracts';
import { openDatabase, type Database } from '@corsac/data';
import { userFields, userSchema, type ImportedUser } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import { silentLogger } from '@corsac/telemetry';
import { describeWith } from '@corsac/testing/backing';
import { PostgresEndingStore } from '../store/postgres-ending-store.js';
import { PostgresUserStore } from '../store/postgres-user-store.js';
import { migrations } from '../store/migrations.js';
import { Sql } from '../store/sql.js';
import { EndWhatUsersHad, type Ending } from './end-what-users-had.js';

const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`;
const place = { tenant: 'acme', track: '-' };
const person = (fields: object): ImportedUser => userSchema.parse({ password_hash: hash, ...fields });
const only = (changed: ImportedUser['changed'], fields: object): ImportedUser => ({ ...person(fields), changed });

describeWith('postgres', (url) => {
  let database: Database;
  let users: PostgresUserStore;
  let endings: PostgresEndingStore;
  beforeAll(async () => {
    database = await openDatabase({ url, schema: 'authorize', entities: [], migrations });
    users = new PostgresUserStore(new Sql(database));
    endings = new PostgresEndingStore(new Sql(database));
  }, 60_000);
  afterAll(() => database.destroy());

  const change = (user_id: string, sessions = true) =>
    users.changePassword(place, user_id, { password_hash: hash, history: 0, now: 5, end: { sessions, grants: true } });
  const noted = async (): Promise<Ending[]> => {
    const claimed = await endings.claim(100, 60);
    await Promise.all(claimed.map(({ id }) => endings.done(id)));
    return claimed;
  };

  describe('what ends with a change of a user', () => {
    it('is what stood on an earlier epoch, which every new password and every disabling ends', async () => {
      await users.import(place, [person({ user_id: 'ada', email: 'ada@example.com' })], 1);
      expect((await users.read(place, 'ada'))?.epoch).toBe(0);
      expect([await change('ada'), await change('ada')]).toEqual([1, 2]);
      await users.import(place, [person({ user_id: 'ada', email: 'ada@example.com', disabled: true })], 1);
      await users.import(place, [person({ user_id: 'ada', email: 'ada@example.com' })], 1);
      await users.remove(place, 'ada');
      expect((await noted()).map(({ cause, epoch }) => [cause, epoch])).toEqual([
        ['password_changed', 1],
        ['password_changed', 2],
        ['disabled', 3],
        ['disabled', 4],
      ]);
    });

    it('is ended by a password that somebody else sets, once, and not by the one that is there', async () => {
      const eve = person({ user_id: 'eve', email: 'eve@example.com' });
      const other = { ...eve, password_hash: hash.replace('bbb', 'new') };
      await users.import(place, [eve], 1);
      await users.import(place, [eve], 2);
      await users.import(place, [{ ...eve, password_hash: undefined, roles: ['a'] }], 3);
      expect(await noted()).toEqual([]);
      await users.import(place, [other], 4);
      await users.import(place, [other], 5);
      const ended = { user_id: 'eve', cause: 'password_changed', sessions: true, grants: true, epoch: 1 };
      expect(await noted()).toMatchObject([ended]);
    });

    it('is asked for again while a service is away, and never means what was begun since', async () => {
      await users.import(place, [person({ user_id: 'bob', email: 'bob@example.com' })], 1);
      await change('bob');
      const asked: unknown[] = [];
      let isAway = true;
      const bus = {
        ask: async (question: { subject: string }, request: { by?: { user?: object }; user?: object }) => {
          asked.push([question.subject, request.by?.user ?? request.user]);
          if (isAway && question.subject === endSession.subject) return fail({ refusal: 'unavailable' });
          return ok({ ended: 1 });
        },
      } as unknown as Bus;
      const carrying = new EndWhatUsersHad({ store: endings, bus, logger: silentLogger, everyMs: 60_000 });
      await carrying.endNow();
      isAway = false;
      await database.query('update user_endings set due_at = now()');
      await carrying.endNow();
      const before = { user_id: 'bob', before_epoch: 1 };
      const round = [
        [endSession.subject, before],
        [endGrants.subject, before],
      ];
      expect(asked).toEqual([...round, ...round]);
      expect(await noted()).toEqual([]);
    });

    it('is everything for an ending that was noted by a version without epochs', async () => {
      await database.query(
        `insert into user_endings (tenant, track, user_id, cause, sessions, grants) values ('acme', '-', 'x', 'disabled', true, true)`,
      );
      expect(await noted()).toMatchObject([{ user_id: 'x', epoch: null }]);
    });
  });

  describe('users of whom only some fields changed', () => {
    const cid = { user_id: 'cid', email: 'cid@example.com', change_password: true, roles: ['a'] };

    it('keep what they changed themselves', async () => {
      await users.import(place, [person(cid)], 1);
      const own = hash.replace('bbb', 'own');
      await users.changePassword(place, 'cid', {
        password_hash: own,
        history: 0,
        now: 5,
        email_verified: true,
        end: { sessions: false, grants: false },
      });
      await users.import(place, [only(['roles'], { ...cid, roles: ['b'], claims: { x: 1 } })], 9);
      expect(await users.read(place, 'cid')).toMatchObject({
        password_hash: own,
        change_password: false,
        email_verified: true,
        roles: ['b'],
        claims: {},
      });
    });

    it('lose what an entry takes away, and get what it changes', async () => {
      await users.import(place, [person({ user_id: 'dan', email: 'dan@example.com', username: 'dan' })], 1);
      const moved = { user_id: 'dan', email: 'dan@new.example.com' };
      await users.import(place, [only(['email', 'email_verified', 'username'], moved)], 2);
      const dan = await users.read(place, 'dan');
      expect(dan).toMatchObject({ email: 'dan@new.example.com' });
      expect(dan).not.toHaveProperty('username');
      expect(await users.find(place, 'dan')).toBeUndefined();
      expect((await users.find(place, 'dan@new.example.com'))?.user.user_id).toBe('dan');
    });

    it('are named when they are not there, and are not made of it', async () => {
      const imported = await users.import(
        place,
        [person({ email: 'eva@example.com' }), only(['roles'], { email: 'nobody@example.com' })],
        1,
      );
      expect(imported).toEqual({ created: 1, updated: 0, unknown: [1] });
      expect(await users.find(place, 'nobody@example.com')).toBeUndefined();
    });

    it('are left alone when they are otherwise than whoever changes them has seen them', async () => {
      const gus = { user_id: 'gus', email: 'gus@example.com', roles: ['a'], claims: { b: 1, a: { d: 1, c: 2 } } };
      const put = (fields: object, seen: object | null) => {
        const all = userFields.filter((field) => field !== 'password');
        const user = seen === null ? person(fields) : only(all, fields);
        return users.import(place, [user], 1, [seen as SeenUser | null]);
      };
      expect(await put(gus, null)).toEqual({ created: 1, updated: 0 });
      // The same asked twice, as by an asker who heard no answer.
      expect(await put(gus, null)).toEqual({ created: 0, updated: 1 });
      expect(await put({ ...gus, roles: ['b'] }, null)).toBe('changed_meanwhile');
      const { changed: _changed, password_hash: _hash, ...seen } = person(gus);
      expect(await put({ ...gus, roles: ['b'] }, { ...seen, claims: { a: { c: 2, d: 1 }, b: 1 } })).toMatchObject({
        updated: 1,
      });
      expect(await put({ ...gus, roles: ['b'] }, seen)).toMatchObject({ updated: 1 });
      expect(await put({ ...gus, roles: ['c'] }, seen)).toBe('changed_meanwhile');
      expect(await put({ user_id: 'hal', email: 'hal@example.com' }, seen)).toBe('changed_meanwhile');
      expect((await users.read(place, 'gus'))?.roles).toEqual(['b']);
    });

    it('do not get an identifier that is another user’s', async () => {
      await users.import(place, [person({ user_id: 'fay', email: 'fay@example.com' })], 1);
      const taken = await users.import(place, [only(['email'], { user_id: 'fay', email: 'dan@new.example.com' })], 1);
      expect(taken).toEqual({ taken: 'dan@new.example.com' });
    });
  });
});
