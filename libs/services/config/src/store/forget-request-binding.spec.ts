import { openDatabase, poolOf, type Database } from '@corsac/data';
import { describeWith } from '@corsac/testing/backing';
import { migrations } from './migrations.js';

describeWith('postgres', (url) => {
  const open = (upTo: number): Promise<Database> =>
    openDatabase({ url, schema: 'config', entities: [], migrations: migrations.slice(0, upTo) });

  describe('An upgrade to the version in which authn_request_binding of SAML applications counts', () => {
    it('forgets the default that every one was kept with, and has files read anew', async () => {
      const at = migrations.findIndex(({ name }) => name.startsWith('ForgetRequestBinding'));
      const before = await open(at);
      const run = (database: Database, text: string) => poolOf(database).query<{ doc: object }>(text);
      await run(before, `insert into track values ('acme', '-', 1, '{}')`);
      await run(before, `insert into applied_file values ('acme.yaml', 'digest')`);
      for (const [side, type] of [
        ['down', 'saml2'],
        ['up', 'saml2'],
      ]) {
        const doc = JSON.stringify({ type, authn_request_binding: 'redirect', name: side });
        await run(before, `insert into party values ('acme', '-', '${side}', 'app', 1, '${doc}')`);
      }
      await before.destroy();
      const after = await open(migrations.length);
      const { rows } = await run(after, 'select doc from party order by side');
      const files = await run(after, 'select name from applied_file');
      await after.destroy();
      expect([rows.map(({ doc }) => doc), files.rows]).toEqual([
        [
          { type: 'saml2', name: 'down' },
          { type: 'saml2', name: 'up', authn_request_binding: 'redirect' },
        ],
        [],
      ]);
    });
  });
});
