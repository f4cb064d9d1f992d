import { openDatabase, poolOf, type Database } from '@corsac/data';
import { describeWith } from '@corsac/testing/backing';
import { migrations } from './migrations.js';
import { PostgresFingerprints } from './postgres-fingerprints.js';

const [old, current] = ['o'.repeat(43), 'c'.repeat(43)];

describeWith('postgres', (url) => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase({ url, schema: 'config', entities: [], migrations });
    await poolOf(database).query(`insert into track values ('acme', '-', 7, '{}')`);
  });
  afterAll(() => database.destroy());

  const secretsOf = async (): Promise<unknown> =>
    (await poolOf(database).query<{ secrets: unknown }>(`select doc->'secrets' as secrets from party`)).rows[0]
      ?.secrets;
  const kept = [
    { id: 'a', hash: 'h1', fingerprint: old, info: '' },
    { id: 'b', hash: 'h2', info: 'abc' },
  ];
  beforeEach(async () => {
    await poolOf(database).query('delete from party');
    const doc = JSON.stringify({ type: 'oidc', name: 'shop', secrets: kept });
    await poolOf(database).query(`insert into party values ('acme', '-', 'down', 'shop', 7, '${doc}')`);
  });
  const of = (secret: string, before?: string) => ({
    ...{ tenant: 'acme', track: '-', party: 'shop', secret, fingerprint: current },
    ...(before !== undefined && { before }),
  });

  describe('A fingerprint of a client secret', () => {
    it('is kept anew, in place of an older one or of none, and nothing else changes', async () => {
      expect(await new PostgresFingerprints(database).renew([of('a', old), of('b')])).toBe(2);
      expect(await secretsOf()).toEqual(kept.map((secret) => ({ ...secret, fingerprint: current })));
    });

    it.each([
      ['another one is there meanwhile', of('a', 'x'.repeat(43))],
      ['one is there meanwhile', of('a')],
      ['the secret was removed', of('c')],
      ['the party was removed', { ...of('a', old), party: 'other' }],
      ['the track is of another tenant', { ...of('a', old), tenant: 'other' }],
    ])('stays as it is when %s', async (_why, renewed) => {
      expect(await new PostgresFingerprints(database).renew([renewed])).toBe(0);
      expect(await secretsOf()).toEqual(kept);
    });
  });
});
