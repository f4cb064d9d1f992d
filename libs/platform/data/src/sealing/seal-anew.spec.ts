import { describeWith } from '@corsac/testing/backing';
import type { Database } from '../postgres/database.js';
import { openDatabase } from '../postgres/open-database.js';
import { CreateMasterKeyCanary1764000000100 } from './canary-table.js';
import { opensWhatIsStored } from './canary.js';
import { parseMasterKeys } from './master-keys.js';
import { SealAnew } from './seal-anew.js';
import type { SealedColumn } from './sealed-column.js';
import { Sealer } from './sealer.js';

const [old, next, foreign] = [7, 8, 9].map((byte) => Buffer.alloc(32, byte).toString('base64url')) as [
  string,
  string,
  string,
];
const sealerOf = (...keys: string[]): Sealer => new Sealer(parseMasterKeys(keys.join(',')));
const columns: SealedColumn[] = [
  { purpose: 'plain', table: 'thing', key: ['tenant', 'track', 'id'], column: 'sealed' },
  { purpose: 'deep', table: 'thing', key: ['tenant', 'track', 'id'], column: 'doc', path: ['a', 'sealed'] },
];
const place = (purpose: string) => ({ purpose, tenant: 'acme', track: '-' });

describeWith('postgres', (url) => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase({
      url,
      schema: 'sealing',
      entities: [],
      migrations: [CreateMasterKeyCanary1764000000100],
    });
    await database.query(
      'create table if not exists thing (tenant text, track text, id bigint, sealed text, doc jsonb)',
    );
    await database.query('truncate thing, master_key_canary');
  });
  afterEach(() => database.destroy());

  const fill = async (sealer: Sealer, rows: number, from = 0): Promise<void> => {
    for (let id = from; id < from + rows; id += 1) {
      await database.query('insert into thing values ($1, $2, $3, $4, $5)', [
        'acme',
        '-',
        id,
        sealer.seal(`plain ${id}`, place('plain')),
        id % 2 === 0 ? { a: { sealed: sealer.seal(`deep ${id}`, place('deep')), info: 'abc' } } : {},
      ]);
    }
  };
  const anew = (sealer: Sealer): SealAnew =>
    new SealAnew({ database, sealer, columns, done: () => undefined, failed: () => undefined });

  describe('A start with other master keys', () => {
    it('is noticed by the canary, as long as a key is missing that sealed something', async () => {
      expect(await opensWhatIsStored(database, sealerOf(old), columns)).toBe(true);
      expect(await opensWhatIsStored(database, sealerOf(foreign), columns)).toBe(false);
      expect(await opensWhatIsStored(database, sealerOf(next, old), columns)).toBe(true);
      expect(await opensWhatIsStored(database, sealerOf(next), columns)).toBe(false);
    });

    it('is noticed by what is there, where there is no canary yet', async () => {
      await fill(sealerOf(old), 2);
      expect(await opensWhatIsStored(database, sealerOf(foreign), columns)).toBe(false);
      expect(await opensWhatIsStored(database, sealerOf(old), columns)).toBe(true);
    });

    it('is one start when several replicas are first', async () => {
      const all = await Promise.all(
        Array.from({ length: 5 }, () => opensWhatIsStored(database, sealerOf(old), columns)),
      );
      expect(all).toEqual([true, true, true, true, true]);
    });
  });

  describe('After a new master key was put first', () => {
    it('everything is sealed anew by any number of replicas, and the older key can go', async () => {
      await opensWhatIsStored(database, sealerOf(old), columns);
      await fill(sealerOf(old), 620);
      await fill(sealerOf(next), 3, 1000);
      const passes = await Promise.all([anew(sealerOf(next, old)).pass(), anew(sealerOf(next, old)).pass()]);
      expect(passes.reduce((sum, { renewed }) => sum + renewed, 0)).toBe(620 + 310);
      expect(await anew(sealerOf(next, old)).pass()).toEqual({ renewed: 0, closed: 0 });
      const rows = await database.query<
        { id: string; sealed: string; doc: { a?: { sealed: string; info: string } } }[]
      >('select * from thing order by id');
      const alone = sealerOf(next);
      for (const { id, sealed, doc } of rows) {
        expect(alone.unsealText(sealed, place('plain'))).toEqual({ ok: true, value: `plain ${id}` });
        if (!doc.a) continue;
        expect(alone.unsealText(doc.a.sealed, place('deep'))).toEqual({ ok: true, value: `deep ${id}` });
        expect(doc.a.info).toBe('abc');
      }
      expect(await opensWhatIsStored(database, alone, columns)).toBe(true);
      expect(await opensWhatIsStored(database, sealerOf(old), columns)).toBe(false);
    });

    it('what no listed key opens stays as it is, and the canary with it', async () => {
      await opensWhatIsStored(database, sealerOf(old), columns);
      await fill(sealerOf(foreign), 1, 1);
      expect(await anew(sealerOf(next, old)).pass()).toEqual({ renewed: 0, closed: 1 });
      expect(await opensWhatIsStored(database, sealerOf(next), columns)).toBe(false);
    });

    it('it goes on in the background, tells of it, and stops at once', async () => {
      await fill(sealerOf(old), 2);
      const told = await new Promise((resolve) => {
        const work = new SealAnew({
          database,
          sealer: sealerOf(next, old),
          columns,
          done: (result) => void work.stop().then(() => resolve(result)),
          failed: resolve,
        });
        work.start(1);
      });
      expect(told).toEqual({ renewed: 3, closed: 0 });
    });
  });
});
