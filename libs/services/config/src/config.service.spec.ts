import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  configurationChanged,
  configurationChangedNotice,
  importExternalUsers,
  importUsers,
  listChanges,
  readTrack,
  type ChangedTrack,
} from '@corsac/contracts';
import { Fingerprinter, Sealer } from '@corsac/data';
import type { ImportedExternalUser, ImportedUser, OidcDownParty, OidcUpParty } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import { OtherService, ServiceRig, testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { configService } from './service.js';

const file = `
tenants:
  - name: acme
    tracks:
      - name: '-'
        up_parties:
          - { type: login, name: login }
          - { type: oidc, name: partner, authority: 'https://partner.test', client_secret: '\${UP_SECRET}' }
        down_parties:
          - type: oidc
            name: shop
            redirect_uris: ['https://shop.test/cb']
            allow_up_parties: [login, partner]
            secrets: ['\${SHOP_SECRET}']
        users:
          - { email: ada@example.com, password: Corsac-demo-1 }
          - { email: bob@example.com, password: Corsac-demo-1 }
`;
const environment = { UP_SECRET: 'a secret of the provider above', SHOP_SECRET: 'a secret of the shop, long enough' };

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 200 && !isTrue(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  if (!isTrue()) throw new Error('it did not come true within five seconds');
};

describeWith('postgres', (databaseUrl) => {
  let folder: string;
  let config_path: string;
  let rig: ServiceRig | undefined;
  let accept = true;
  /** Places in a batch of users who are not there any more. */
  let unknown: number[] | undefined;
  const imported: ImportedUser[] = [];
  const importedExternal: ImportedExternalUser[] = [];
  const changed: ChangedTrack[] = [];
  const noticed: ChangedTrack[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corsac-config-'));
    config_path = join(folder, 'acme.yaml');
    await writeFile(config_path, file);
  });

  const startRig = async (): Promise<ServiceRig> => {
    const authorize = new OtherService('authorize')
      .answers(importUsers, ({ users }) => {
        if (!accept) return fail({ refusal: 'identifier_taken' });
        imported.push(...users);
        return ok({ created: users.length, updated: 0, ...(unknown && { unknown }) });
      })
      .answers(importExternalUsers, ({ users }) => {
        importedExternal.push(...users);
        return ok({ created: users.length, updated: 0 });
      })
      .carriesOut(configurationChanged, () => undefined)
      .hears(configurationChangedNotice, ({ changes }) => void noticed.push(...changes));
    const token = new OtherService('token').carriesOut(configurationChanged, (change) => void changed.push(change));
    return ServiceRig.start({
      service: configService,
      databaseUrl,
      others: [authorize, token],
      settings: { config_path, environment },
    });
  };

  afterEach(async () => {
    await rig?.stop();
    rig = undefined;
  });

  const read = async (track = '-') => (rig as ServiceRig).ask('token', readTrack, { tenant: 'acme', track });
  const latest = async () => (await (rig as ServiceRig).ask('token', listChanges, { after: 0 })).latest;

  it('applies the file at start, with secrets hashed and sealed, and hands the users on', async () => {
    rig = await startRig();
    const { down_parties, up_parties, version } = await read();
    expect(version).toBe(1);
    const text = JSON.stringify([down_parties, up_parties]);
    for (const secret of Object.values(environment)) expect(text).not.toContain(secret);
    const shop = down_parties.find(({ name }) => name === 'shop') as OidcDownParty;
    expect(shop.secrets[0]).toMatchObject({ info: 'a s', hash: expect.stringMatching(/^\$argon2id\$/) as string });
    expect(
      new Fingerprinter(testMasterKeys(), 'client-secret').matches(
        environment.SHOP_SECRET,
        shop.secrets[0]?.fingerprint ?? '',
      ),
    ).toBe(true);
    const partner = up_parties.find(({ name }) => name === 'partner') as OidcUpParty;
    const opened = new Sealer(testMasterKeys()).unsealText(partner.client_secret?.sealed ?? '', {
      purpose: 'up-party-secret',
      tenant: 'acme',
      track: '-',
    });
    expect(opened).toEqual(ok(environment.UP_SECRET));
    await until(() => imported.length === 2);
    expect(imported.map(({ email }) => email)).toEqual(['ada@example.com', 'bob@example.com']);
    expect(imported[0]).not.toHaveProperty('password');
    expect(imported[0]?.password_hash).toBe(imported[1]?.password_hash);
  }, 30_000);

  it('tells every service of a change: durably for work, at once for caches', async () => {
    rig = await startRig();
    await until(() => changed.length > 0 && noticed.length > 0);
    expect(changed[0]).toMatchObject({ tenant: 'acme', track: '-', number: 1 });
    expect(noticed[0]).toMatchObject({ tenant: 'acme', track: '-' });
  });

  it('does not apply the same content twice, and changes only what a new content changes', async () => {
    rig = await startRig();
    const before = await read();
    const number = await latest();
    expect(number).toBe(1);
    await rig.stop();
    await writeFile(config_path, file.replace('https://shop.test/cb', 'https://shop.test/callback'));
    rig = await startRig();
    const after = await read();
    expect(after.version).toBe(before.version + 1);
    const shopOf = ({ down_parties }: typeof after) =>
      down_parties.find(({ name }) => name === 'shop') as OidcDownParty;
    expect(shopOf(after).redirect_uris).toEqual(['https://shop.test/callback']);
    expect(shopOf(after).secrets).toEqual(shopOf(before).secrets);
    expect(after.up_parties).toEqual(before.up_parties);
    const answer = await rig.ask('token', listChanges, { after: number });
    expect(answer).toEqual({
      latest: 2,
      reset: false,
      changes: [{ number: 2, tenant: 'acme', track: '-', removed: false }],
    });
  }, 30_000);

  it('changes nothing for a wrong file and says file, line and field', async () => {
    await writeFile(
      config_path,
      file.replace('allow_up_parties: [login, partner]', 'allow_up_parties: [login, nobody]'),
    );
    await expect(startRig()).rejects.toThrow(/acme\.yaml:\d+:\d+ .*allow_up_parties.*nobody/s);
    await writeFile(config_path, file.replace("'${SHOP_SECRET}'", "'${NOT_THERE}'"));
    await expect(startRig()).rejects.toThrow(/NOT_THERE/);
    await writeFile(config_path, file.replace('https://shop.test/cb', 'https://shop.test/callback'));
    rig = await startRig();
    expect((await read()).version).toBe(2);
  }, 30_000);

  it('says the first of several faults of a file in the one line that is printed, and how many there are', async () => {
    const faults = file.replace("'${SHOP_SECRET}'", "'${NOT_THERE}'").replace('https://shop.test/cb', '${NEITHER}');
    await writeFile(config_path, faults);
    await expect(startRig()).rejects.toThrow(
      /^the configuration is not valid, .*acme\.yaml:\d+:\d+ .* \(and 1 more\)$/,
    );
  }, 30_000);

  it('hands users over again until they are accepted', async () => {
    accept = false;
    imported.length = 0;
    await writeFile(config_path, file.replace('bob@example.com', 'carl@example.com'));
    rig = await startRig();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(imported).toEqual([]);
    accept = true;
    await until(() => imported.length > 0);
    expect(imported.map(({ email }) => email)).toContain('carl@example.com');
  }, 30_000);

  it('hands over only the newest declaration of a user whose older one was refused', async () => {
    const text = (role: string): string =>
      file.replace(
        '{ email: ada@example.com, password: Corsac-demo-1 }',
        `{ email: ada@example.com, password: Corsac-demo-1 }\n          - { email: dora@example.com, roles: [${role}] }`,
      );
    accept = false;
    imported.length = 0;
    await writeFile(config_path, text('older'));
    rig = await startRig();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await rig.stop();
    await writeFile(config_path, text('newer'));
    rig = await startRig();
    accept = true;
    const doras = (): unknown[] =>
      imported.filter(({ email }) => email === 'dora@example.com').map(({ roles }) => roles);
    await until(() => doras().length > 0);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(doras()).toEqual([['newer']]);
  }, 30_000);

  describe('re-applying a file', () => {
    const withMore = file
      .replace(
        "client_secret: '${UP_SECRET}' }",
        "client_secret: '${UP_SECRET}', link_external_user: { redemption_claim_type: email } }",
      )
      .replace(
        '        down_parties:',
        '        external_users:\n          - { up_party: partner, redemption_claim_value: eve@example.com, claims: { role: buyer } }\n        down_parties:',
      );
    /** Applies a file to an installation that has one, and gives what was handed over. */
    const apply = async (text: string, isThere: () => boolean = () => true): Promise<ImportedUser[]> => {
      await rig?.stop();
      imported.length = 0;
      importedExternal.length = 0;
      await writeFile(config_path, text);
      rig = await startRig();
      await until(isThere);
      // What is not handed over at once is not handed over.
      await new Promise((resolve) => setTimeout(resolve, 700));
      return [...imported];
    };
    const ada = '{ email: ada@example.com, password: Corsac-demo-1 }';

    it('sends no user whose entry has not changed, and of one that has only what changed', async () => {
      await apply(withMore, () => importedExternal.length > 0);
      expect(importedExternal).toEqual([
        expect.objectContaining({ up_party: 'partner', redemption_claim_value: 'eve@example.com' }),
      ]);
      expect(await apply(withMore.replace('https://shop.test/cb', 'https://shop.test/other'))).toEqual([]);
      expect(importedExternal).toEqual([]);
      const withRoles = withMore.replace(ada, '{ email: ada@example.com, password: Corsac-demo-1, roles: [buyer] }');
      const changed = await apply(withRoles, () => imported.length > 0);
      expect(changed).toMatchObject([{ email: 'ada@example.com', roles: ['buyer'], changed: ['roles'] }]);
      expect(changed[0]).not.toHaveProperty('password_hash');
      const withPassword = withRoles.replace('password: Corsac-demo-1, roles', 'password: Corsac-demo-2, roles');
      expect(await apply(withPassword, () => imported.length > 0)).toMatchObject([
        { password_hash: expect.stringMatching(/^\$argon2id\$/), changed: ['password', 'change_password'] },
      ]);
      await apply(withPassword.replace('role: buyer', 'role: guest'), () => importedExternal.length > 0);
      expect(importedExternal).toMatchObject([{ claims: { role: 'guest' }, changed: ['claims'] }]);
    }, 60_000);

    it('knows a user by another identifier, and sends whole whoever is new or is no longer there', async () => {
      const named = file.replace(
        ada,
        '{ email: ada@example.com, username: ada, password: Corsac-demo-2, roles: [buyer] }',
      );
      await apply(named, () => imported.length > 0);
      const moved = named.replace('ada@example.com', 'ada@new.example.com');
      expect(await apply(moved, () => imported.length > 0)).toMatchObject([
        { email: 'ada@new.example.com', changed: expect.arrayContaining(['email', 'email_verified']) },
      ]);
      unknown = [0];
      const newRoles = moved.replace('roles: [buyer]', 'roles: [guest]');
      expect(await apply(newRoles, () => imported.length > 0)).toMatchObject([{ changed: ['roles'] }]);
      unknown = undefined;
      const again = await apply(
        newRoles.replace('https://shop.test/cb', 'https://shop.test/x'),
        () => imported.length > 0,
      );
      expect(again).toMatchObject([{ username: 'ada', password_hash: expect.stringMatching(/^\$argon2id\$/) }]);
      expect(again[0]).not.toHaveProperty('changed');
    }, 60_000);

    it('sends whole whom a file did not have for a while, and whom it kept not at all', async () => {
      await apply(withMore, () => imported.length > 0);
      const eve = /        external_users:\n.*\n/;
      expect(await apply(withMore.replace(`          - ${ada}\n`, '').replace(eve, ''))).toEqual([]);
      const again = await apply(withMore, () => imported.length > 0 && importedExternal.length > 0);
      expect(again).toMatchObject([
        { email: 'ada@example.com', password_hash: expect.stringMatching(/^\$argon2id\$/) as string },
      ]);
      expect(again[0]).not.toHaveProperty('changed');
      expect(importedExternal).toMatchObject([{ redemption_claim_value: 'eve@example.com' }]);
      expect(importedExternal[0]).not.toHaveProperty('changed');
    }, 60_000);
  });

  it('tells an asker of numbers that it never gave to forget everything', async () => {
    rig = await startRig();
    expect(await rig.ask('token', listChanges, { after: 1_000_000 })).toMatchObject({ reset: true });
  });

  it('does not know tracks that are not there', async () => {
    rig = await startRig();
    expect(await rig.busOf('token').ask(readTrack, { tenant: 'acme', track: 'nowhere' })).toMatchObject({
      ok: false,
      error: { refusal: 'not_found' },
    });
  });

  it('can apply the demo of the repository', async () => {
    const demo = await readFile(join(__dirname, '../../../../deploy/demo/demo.yaml'), 'utf8');
    const names = [...demo.matchAll(/\$\{([A-Z0-9_]+)\}/g)].map(([, name = '']) => name);
    const demoPath = join(folder, 'demo.yaml');
    await writeFile(demoPath, demo);
    const others = ['token', 'authorize'] as const;
    const demoEnvironment: Record<string, string> = Object.fromEntries(
      names.map((name) => [name, `secret of ${name}, made for a test`]),
    );
    demoEnvironment['CORSAC_BASE_URL'] = 'http://localhost:4400';
    rig = await ServiceRig.start({
      service: configService,
      databaseUrl,
      others: others.map((name) => new OtherService(name).carriesOut(configurationChanged, () => undefined)),
      settings: { config_path: demoPath, environment: demoEnvironment },
    });
    expect((await read('partner')).down_parties.map(({ name }) => name)).toContain('dash-connection');
  }, 60_000);
});
