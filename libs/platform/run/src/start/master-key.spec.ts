import { CreateMasterKeyCanary1764000000100, openDatabase, parseMasterKeys, type Database } from '@corsac/data';
import type { Service } from '@corsac/service';
import { describeWith } from '@corsac/testing/backing';
import type { World } from '../wiring/wiring.js';
import { checkMasterKeys } from './master-key.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64url');

describeWith('postgres', (url) => {
  let database: Database;
  beforeAll(async () => {
    const migrations = [CreateMasterKeyCanary1764000000100];
    database = await openDatabase({ url, schema: 'token', entities: [], migrations });
  });
  afterAll(() => database.destroy());

  const check = (...keys: string[]): Promise<void> =>
    checkMasterKeys([{ name: 'token', sealed: [] } as unknown as Service, { name: 'session' } as unknown as Service], {
      masterKeys: parseMasterKeys(keys.join(',')),
      databaseOf: () => database,
    } as unknown as World);

  it('ends a start with a master key that opens nothing of what is stored, in one line with the mend', async () => {
    await check(key(1));
    await expect(check(key(2))).rejects.toThrow(
      'CORSAC_MASTER_KEY (unset: the file master.key in CORSAC_DATA) opens nothing of what the token service has stored: ' +
        'give the key that sealed it, alone or after the new one, separated by a comma',
    );
    await check(key(2), key(1));
  });
});
