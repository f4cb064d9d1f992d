import type { SeenExternalUser } from '@corsac/contracts';
import { openDatabase, type Database } from '@corsac/data';
import { importedExternalUserSchema } from '@corsac/model';
import { describeWith } from '@corsac/testing/backing';
import { migrations } from '../store/migrations.js';
import { PostgresExternalUserStore } from '../store/postgres-external-user-store.js';
import { Sql } from '../store/sql.js';

const place = { tenant: 'acme', track: '-', up_party: 'op' };

describeWith('postgres', (url) => {
  let database: Database;
  let records: PostgresExternalUserStore;
  beforeAll(async () => {
    database = await openDatabase({ url, schema: 'authorize', entities: [], migrations });
    records = new PostgresExternalUserStore(new Sql(database));
  }, 60_000);
  afterAll(() => database.destroy());

  const at = (now: number, lifetime: number, more: object = {}) => ({ link: 'op|1', now, lifetime, ...more });
  const put = (user: object) =>
    records.import(place, [importedExternalUserSchema.parse({ up_party: 'op', ...user })], 1);

  it('keeps a record as long as its user signs in in time, and forgets it then', async () => {
    const made = await records.create(place, { ...at(100, 50), claims: { a: 1 } });
    expect(made.how).toBe('created');
    expect(await records.signIn(place, at(149, 50))).toMatchObject({ how: 'found' });
    expect(await records.signIn(place, at(198, 50))).toMatchObject({ how: 'found' });
    expect(await records.signIn(place, at(248, 50))).toBeUndefined();
    const again = await records.create(place, { ...at(248, 0), claims: {} });
    expect(again).toMatchObject({ how: 'created', record: { claims: {} } });
    expect(again.record.user_id).not.toBe(made.record.user_id);
    expect(await records.signIn(place, at(10_000_000, 0))).toMatchObject({ how: 'found' });
    await records.removeTrack(place);
  });

  it('lets a prepared record wait for ever, and links it over one that is over', async () => {
    await put({ redemption_claim_value: 'ada@example.com', user_id: 'ada' });
    await records.create(place, { ...at(100, 50), claims: {} });
    const redeemed = await records.signIn(place, at(200, 50, { redemption: 'ada@example.com' }));
    expect(redeemed).toMatchObject({ how: 'redeemed', record: { user_id: 'ada' } });
    expect(await records.list(place, { limit: 10 })).toMatchObject([
      { user_id: 'ada', link_claim_value: 'op|1', last_sign_in: 200, expires: 250 },
    ]);
    await records.removeTrack(place);
  });

  it('writes nothing over a record that is otherwise than somebody has seen it', async () => {
    const write = (user: object, seen: object | null) =>
      records.import(place, [importedExternalUserSchema.parse({ up_party: 'op', ...user })], 1, [
        seen as SeenExternalUser | null,
      ]);
    const ada = { user_id: 'ada', link_claim_value: 'op|ada', claims: { a: 1 } };
    expect(await write(ada, null)).toEqual({ created: 1, updated: 0 });
    // The same asked twice, as by an asker who heard no answer.
    expect(await write(ada, null)).toEqual({ created: 0, updated: 1 });
    expect(await write({ ...ada, claims: {} }, null)).toBe('changed_meanwhile');
    // The record that has the value is not taken for the one that is to be made.
    expect(await write({ ...ada, user_id: 'bob' }, null)).toBe('changed_meanwhile');
    const seen = { ...ada, up_party: 'op', disabled: false };
    expect(await write({ ...ada, disabled: true }, seen)).toEqual({ created: 0, updated: 1 });
    expect(await write({ ...ada, claims: {} }, seen)).toBe('changed_meanwhile');
    expect(await write({ ...ada, user_id: 'bob' }, { ...seen, user_id: 'bob' })).toBe('changed_meanwhile');
    expect(await records.list(place, { limit: 10 })).toMatchObject([
      { user_id: 'ada', disabled: true, claims: { a: 1 } },
    ]);
    await records.removeTrack(place);
  });

  it('lists a page by up-party and by part of a value, and forgets a track alone', async () => {
    await put({ user_id: 'a', link_claim_value: 'op|anna' });
    await put({ user_id: 'b', redemption_claim_value: 'Anna@example.com', claims: { name: 'Bo' } });
    await put({ user_id: 'c', link_claim_value: 'x', up_party: 'other' });
    const ids = async (page: object) =>
      (await records.list(place, { limit: 10, ...page })).map(({ user_id }) => user_id);
    expect(await ids({ filter: 'ANNA' })).toEqual(['a', 'b']);
    expect(await ids({ up_party: 'other' })).toEqual(['c']);
    expect(await ids({ after: 'a', limit: 1 })).toEqual(['b']);
    expect(await ids({ user_id: 'b', filter: 'bo' })).toEqual(['b']);
    await records.removeTrack({ ...place, track: 'other' });
    expect(await ids({})).toEqual(['a', 'b', 'c']);
    await records.removeTrack(place);
    expect(await ids({})).toEqual([]);
  });
});
