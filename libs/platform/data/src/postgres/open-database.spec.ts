import { describeWith, freePort } from '@corsac/testing/backing';
import { Client } from 'pg';
import { Column, Entity, PrimaryColumn, type DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { StoreUnavailable } from '../store-unavailable.js';
import { checkSchema, openPool } from './connections.js';
import { databaseHealth, openDatabase, poolOf, transact } from './open-database.js';
import { attempt, storeFault } from './store-fault.js';

@Entity('thing')
class Thing {
  @PrimaryColumn('text') id!: string;
  @Column('integer') count!: number;
}

class CreateThing1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table thing (id text primary key, count integer not null)');
    await runner.query('select pg_sleep(0.1)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table thing');
  }
}

class FillThing1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`insert into thing values ('first', 1)`);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from thing where id = 'first'`);
  }
}

class Broken1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`insert into thing values ('half', 1)`);
    await runner.query('select * from missing_table');
  }
  async down(): Promise<void> {}
}

const migrations = [CreateThing1700000000001, FillThing1700000000002];

describeWith('postgres', (url) => {
  const opened: DataSource[] = [];
  const open = async (schema: string, more: Partial<Parameters<typeof openDatabase>[0]> = {}) => {
    const source = await openDatabase({ url, schema, entities: [Thing], migrations, ...more });
    opened.push(source);
    return source;
  };
  afterAll(() => Promise.all(opened.map((source) => source.destroy())));

  describe('opening a database', () => {
    it('lets replicas that start at once migrate one time', async () => {
      const sources = await Promise.all([open('token'), open('token'), open('token')]);
      for (const source of sources) expect(await source.getRepository(Thing).count()).toBe(1);
      expect(await sources[0].query('select name from migrations order by id')).toEqual(
        migrations.map(({ name }) => ({ name })),
      );
    });

    it('keeps the tables of services apart', async () => {
      const [token, session] = await Promise.all([open('token'), open('session')]);
      await token.getRepository(Thing).insert({ id: 'mine', count: 1 });
      expect(await session.getRepository(Thing).findOneBy({ id: 'mine' })).toBeNull();
      expect(await session.query('select id from thing')).toEqual([{ id: 'first' }]);
    });

    it('leaves nothing of a migration that fails, and keeps those before it', async () => {
      await expect(open('config', { migrations: [...migrations, Broken1700000000003] })).rejects.toThrow(
        'missing_table',
      );
      const source = await open('config');
      expect(await source.query('select id from thing')).toEqual([{ id: 'first' }]);
    });

    it('needs no right to create schemas once the schema is there', async () => {
      const owner = await open('authorize');
      await owner.query(`create role small login password 'small'`);
      await owner.query('grant usage on schema authorize to small');
      await owner.query('grant all on all tables in schema authorize to small');
      const small = new URL(url);
      [small.username, small.password] = ['small', 'small'];
      const source = await open('authorize', { url: small.href });
      expect(await source.getRepository(Thing).count()).toBe(1);
      await source.destroy();
      opened.splice(opened.indexOf(source), 1);
      await owner.query('drop owned by small; drop role small');
    });

    it.each(['', 'Token', 'a-b', 'a;drop schema b', '1a', 'x'.repeat(50)])('refuses the schema name %j', (schema) => {
      expect(() => checkSchema(schema)).toThrow(RangeError);
    });

    it('gives up a database that is not there when the patience is over', async () => {
      const nowhere = `postgresql://corsac@127.0.0.1:${await freePort()}/x`;
      const began = performance.now();
      await expect(open('token', { url: nowhere, patience_s: 0.4 })).rejects.toThrow(StoreUnavailable);
      expect(performance.now() - began).toBeLessThan(3000);
    });

    it('says whether the database answers', async () => {
      const source = await open('token');
      expect(await databaseHealth(source)).toMatchObject({ up: true });
      await source.destroy();
      opened.splice(opened.indexOf(source), 1);
      expect(await databaseHealth(source)).toMatchObject({ up: false });
    });
  });

  describe('faults of the database as values', () => {
    it('names the constraint of a duplicate', async () => {
      const source = await open('token');
      const fault = await attempt(() => source.getRepository(Thing).insert({ id: 'first', count: 2 }));
      expect(fault).toEqual({ ok: false, error: { kind: 'duplicate', constraint: 'thing_pkey' } });
    });

    it('throws on what is a bug', async () => {
      const source = await open('token');
      await expect(attempt(() => source.query('select nonsense'))).rejects.toThrow('nonsense');
    });

    it('ends a statement that takes too long and keeps the connection usable', async () => {
      const pool = openPool({ url, schema: 'token', size: 1, statement_ms: 200 });
      const slow = await attempt(() => pool.query('select pg_sleep(5)'));
      expect(slow).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
      await pool.end();
    });

    it('is unavailable, not waiting for ever, when all connections are in use', async () => {
      const pool = openPool({ url, schema: 'token', size: 1 });
      const held = await pool.connect();
      expect(await attempt(() => pool.query('select 1'))).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
      held.release();
      await pool.end();
    });

    it('recovers by itself when the server ends its connections', async () => {
      const source = await open('token', { size: 2, name: 'victim' });
      await source.query('select 1');
      const running = attempt(() => source.query('select pg_sleep(1.5)'));
      const admin = new Client({ connectionString: url });
      await admin.connect();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'`);
      await admin.end();
      expect(await running).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await attempt(() => source.getRepository(Thing).countBy({ id: 'first' }))).toEqual({ ok: true, value: 1 });
    });

    it('runs a transaction again when another was first', async () => {
      const source = await open('session');
      await source.query(`insert into thing values ('a', 0), ('b', 0) on conflict do nothing`);
      const touch = (first: string, second: string) =>
        transact(source, async (manager) => {
          await manager.query('update thing set count = count + 1 where id = $1', [first]);
          await new Promise((resolve) => setTimeout(resolve, 60));
          await manager.query('update thing set count = count + 1 where id = $1', [second]);
        });
      await source.query(`set deadlock_timeout = '100ms'`).catch(() => undefined);
      await Promise.all([touch('a', 'b'), touch('b', 'a')]);
      expect(await source.query(`select count from thing where id in ('a', 'b')`)).toEqual([
        { count: 2 },
        { count: 2 },
      ]);
    });

    it('gives the plain connections under a data source', async () => {
      const source = await open('token');
      expect((await poolOf(source).query('select current_schema() as s')).rows).toEqual([{ s: 'token' }]);
    });
  });
});

describe('meaning of errors', () => {
  const withCode = (code: string) => Object.assign(new Error('x'), { code });
  it.each([
    '08006',
    '53300',
    '57P01',
    '57P03',
    '57014',
    '25006',
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
  ])('calls %s unavailable', (code) => {
    expect(storeFault(withCode(code))).toEqual({ kind: 'unavailable', retry_after: 2 });
  });

  it.each(['40001', '40P01'])('calls %s a conflict', (code) => {
    expect(storeFault(withCode(code))).toEqual({ kind: 'conflict' });
  });

  it('looks into the error that TypeORM wraps and into the addresses that were tried', () => {
    expect(storeFault(Object.assign(new Error('q'), { driverError: withCode('57P01') }))?.kind).toBe('unavailable');
    expect(storeFault(new AggregateError([withCode('ECONNREFUSED')]))?.kind).toBe('unavailable');
  });

  it.each([[withCode('42P01')], [new TypeError('x is not a function')], ['text'], [undefined], [withCode('23502')]])(
    'leaves a bug alone (%#)',
    (error) => {
      expect(storeFault(error)).toBeUndefined();
    },
  );

  it('knows its own error again', () => {
    expect(storeFault(new StoreUnavailable('redis', 'away'))).toEqual({ kind: 'unavailable', retry_after: 2 });
  });
});
