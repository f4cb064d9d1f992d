import { describeWith } from '@corsac/testing/backing';
import type { Pool } from 'pg';
import { StoreUnavailable } from '../store-unavailable.js';
import { openPool } from './connections.js';
import { runStatement, type StatementValue } from './run-statement.js';
import { storeFault } from './store-fault.js';

describeWith('postgres', (url) => {
  let pool: Pool;
  beforeAll(async () => {
    pool = openPool({ url, schema: 'public', size: 1, statement_ms: 400 });
    await pool.query('create table thing (id text primary key, count bigint, doc jsonb)');
  });
  afterAll(() => pool.end());

  const run = <Row extends object>(name: string, text: string, values: readonly StatementValue[] = []) =>
    runStatement<Row>(pool, { name, text }, values);

  describe('running a statement', () => {
    it('reads rows as node-postgres does, the first time and later', async () => {
      const text = `select 1::int as one, 2::bigint as two, true as yes, null::text as nothing, '{"a":[1]}'::jsonb as doc,
        array['a', null, '"b,\\'] as list, 1.5::float8 as half, $1::text as said`;
      const { rows } = await pool.query(text, ['x']);
      for (const said of ['x', 'x', 'x']) expect(await run('read', text, [said])).toEqual(rows);
      expect(rows[0]).toMatchObject({ one: 1, two: '2', yes: true, nothing: null, doc: { a: [1] }, half: 1.5 });
    });

    it.each<[string, string, StatementValue, unknown]>([
      ['a text', 'text', 'a"b\\c\n{d},é€😀', 'a"b\\c\n{d},é€😀'],
      ['an empty text', 'text', '', ''],
      ['nothing', 'text', null, null],
      ['what is not given', 'text', undefined, null],
      ['a number', 'bigint', 2 ** 53 - 1, '9007199254740991'],
      ['a truth', 'boolean', false, false],
      ['JSON', 'jsonb', JSON.stringify({ a: ['"', '\\'] }), { a: ['"', '\\'] }],
      ['an empty array', 'text[]', [], []],
      ['texts', 'text[]', ['', 'a', 'NULL', '"', '\\', '\\"', '{', '}', ',', ' b ', '\n', 'é'], undefined],
      ['texts with nothing between', 'text[]', ['a', null, undefined, 'b'], ['a', null, null, 'b']],
      ['numbers', 'int[]', [1, -2, 3], undefined],
      ['truths', 'boolean[]', [true, false], undefined],
      [
        'arrays of arrays',
        'text[][]',
        [
          ['a', '"'],
          ['\\', 'd'],
        ],
        undefined,
      ],
    ])('passes on %s', async (name, type, value, expected = value) => {
      const rows = await run(`pass ${name}`, `select $1::${type} as value`, [value]);
      expect(rows).toEqual([{ value: expected }]);
    });

    it('answers no rows to what gives none, also the second time', async () => {
      for (const id of ['a', 'b']) {
        expect(await run('insert', 'insert into thing (id, count) values ($1, $2)', [id, 1])).toEqual([]);
        expect(await run('none', 'select * from thing where id = $1', ['missing'])).toEqual([]);
      }
      expect(await run('all', 'select id, count from thing order by id')).toEqual([
        { id: 'a', count: '1' },
        { id: 'b', count: '1' },
      ]);
    });

    it('tells an error as the driver says it, and serves the next one', async () => {
      const text = 'select 10 / $1::int as part';
      for (const [by, part] of [[0], [5, 2], [0], [2, 5]] as const) {
        const answer = await run('divide', text, [by]).catch((error: { code: string }) => error.code);
        expect(answer).toEqual(part === undefined ? '22012' : [{ part }]);
      }
    });

    it('tells a value that cannot be read, before and after the first good one', async () => {
      const text = 'select $1::int as n';
      for (const value of ['x', 'y', '1', 'z'])
        expect(await run('number', text, [value]).catch((error: { code: string }) => error.code)).toEqual(
          value === '1' ? [{ n: 1 }] : '22P02',
        );
    });

    it('tells a text that is none, each time', async () => {
      for (let time = 0; time < 2; time++) await expect(run('broken', 'select nonsense')).rejects.toThrow('nonsense');
      expect(storeFault(await run('dup', `insert into thing values ('a')`).catch((error: unknown) => error))).toEqual({
        kind: 'duplicate',
        constraint: 'thing_pkey',
      });
    });

    it('refuses a second statement of a name', async () => {
      expect(await run('one name', 'select 1 as n')).toEqual([{ n: 1 }]);
      await expect(run('one name', 'select 2 as n')).rejects.toThrow('one name');
      expect(await run('one name', 'select 1 as n')).toEqual([{ n: 1 }]);
    });

    it('knows the columns of a statement again on a new connection', async () => {
      const other = openPool({ url, schema: 'public', size: 1 });
      const statement = { name: 'read columns', text: 'select count, id from thing where id = $1' };
      for (const each of [pool, other, pool, other])
        expect(await runStatement(each, statement, ['a'])).toEqual([{ count: '1', id: 'a' }]);
      await other.end();
    });

    it('is unavailable when it takes too long, and the next one is served', async () => {
      await expect(run('sleep', 'select pg_sleep($1)', [5])).rejects.toThrow(StoreUnavailable);
      expect(await run('after', 'select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('is unavailable when the connection ends under it, and the next one is served', async () => {
      await expect(run('end', 'select pg_terminate_backend(pg_backend_pid())')).rejects.toThrow(StoreUnavailable);
      expect(await run('after', 'select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('lets many run at the same time, each with its own answer', async () => {
      const asked = Array.from({ length: 30 }, (_, n) => run('many', 'select $1::int as n', [n]));
      expect((await Promise.all(asked)).flat()).toEqual(Array.from({ length: 30 }, (_, n) => ({ n })));
    });
  });
});
