import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../browser/browser.js';
import { CommandLine, type Ran } from '../clients/command-line.js';
import { Howto } from '../docs/howto.js';
import { RelyingParty, signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere } from '../world/until-there.js';
import { embeddedWorld, repository, type OwnWorld } from '../world/world.js';

jest.setTimeout(60_000);

const robotSecret = 'a secret of the robot that is long enough';
const tillSecret = 'a secret of the till that is long enough';
const password = 'Rye-bread-and-butter-1';
const admin = { username: 'owner@bakery.example', password: 'Corsac-demo-1' };
const callback = 'https://till.bakery.example/callback';

const login = { name: 'login', type: 'login', enable_create_user: false };
const robotWith = (scopes: readonly string[]) => ({
  name: 'robot',
  type: 'oauth2',
  grant_types: ['client_credentials'],
  secrets: [robotSecret],
  resource_scopes: [{ resource: 'corsac_control_api', scopes }],
  claims: [{ claim: 'role', values: scopes }],
});
const masterWith = (scopes: readonly string[], users: readonly object[] = []) => ({
  name: 'master',
  up_parties: [login],
  down_parties: [robotWith(scopes)],
  users,
});

/** A tenant with nothing but its administrators, and the installation's own. */
const administrators = JSON.stringify({
  tenants: [
    {
      name: 'bakery',
      tracks: [
        masterWith(
          ['corsac:tenant'],
          [{ email: admin.username, password: admin.password, email_verified: true, roles: ['corsac:tenant'] }],
        ),
      ],
    },
    { name: 'master', tracks: [masterWith(['corsac:master'])] },
  ],
});

const bakery = `
tenant: bakery
track: '-'
up_parties:
  - { name: login, type: login, title: Bakery }
down_parties:
  - name: till
    type: oidc
    display_name: Till
    allow_up_parties: [login]
    redirect_uris: [${callback}]
    secrets: ['\${TILL_SECRET}']
`;

describe('the command line', () => {
  let world: OwnWorld;
  let folder: string;
  let corsac: CommandLine;
  const robot = (): Record<string, string> => ({
    CORSAC_URL: world.base,
    CORSAC_TENANT: 'bakery',
    CORSAC_CLIENT_ID: 'robot',
    CORSAC_CLIENT_SECRET: robotSecret,
    TILL_SECRET: tillSecret,
  });
  const run = (words: readonly string[], stdin?: string): Promise<Ran> => corsac.run(words, { env: robot(), stdin });
  const done = async (words: readonly string[], stdin?: string): Promise<string> => {
    const { exit, out, err } = await run(words, stdin);
    expect({ words, exit, err }).toEqual({ words, exit: 0, err: '' });
    return out;
  };
  const keysOf = async (): Promise<{ kid: string; state: string }[]> => {
    const { keys } = JSON.parse(await done(['key', 'list', '--track', '-', '--json'])) as {
      keys: { kid: string; state: string }[];
    };
    return keys;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corsac-cli-e2e-'));
    await mkdir(join(folder, 'files'));
    await writeFile(join(folder, 'files/bakery.yaml'), bakery);
    corsac = new CommandLine({ XDG_CONFIG_HOME: join(folder, 'xdg') });
    world = await embeddedWorld({}, administrators);
    await untilTracksAreThere(world, ['bakery/master', 'master/master']);
  }, 180_000);
  afterAll(async () => {
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  it('applies a folder as a program with client credentials, after which nothing would change', async () => {
    const plan = ['plan', '-f', join(folder, 'files'), '--exit-code'];
    const planned = await run(plan);
    expect(planned).toMatchObject({ exit: 3, err: '' });
    expect(planned.out.split('\n')).toEqual(
      expect.arrayContaining(['+ track -', '+ up-party login of track -', '+ down-party till of track -']),
    );
    expect(await run(['apply', '-f', join(folder, 'files')])).toMatchObject({ exit: 2 });
    expect(await done(['track', 'list'])).not.toMatch(/^-/m);
    expect(await done(['apply', '-f', join(folder, 'files'), '--yes'])).toContain('Applied: 3 created');
    expect(await done(plan)).toBe('Nothing would change.\n');
    expect(await done(['track', 'list'])).toMatch(/^-\s*$/m);
  });

  it('tells file, line and field of what is refused', async () => {
    const wrong = join(folder, 'wrong.yaml');
    await writeFile(wrong, bakery.replace('display_name', 'display_nam'));
    const { exit, err } = await run(['plan', '-f', wrong]);
    expect(exit).toBe(1);
    expect(err).toContain(`${wrong}:9:5 `);
    expect(err).toContain('display_nam is not a known setting');
  });

  it('exports all tracks, which planned again change nothing', async () => {
    const out = join(folder, 'exported');
    await done(['export', '-o', out]);
    expect((await readdir(out)).sort()).toEqual(['-.yaml', 'master.yaml']);
    expect((await stat(join(out, '-.yaml'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(out, '-.yaml'), 'utf8')).not.toContain(tillSecret);
    expect(await done(['plan', '-f', out, '--prune', '--exit-code'])).toBe('Nothing would change.\n');
  });

  it('adds a user who signs in at once, and removes them', async () => {
    await untilTracksAreThere(world, ['bakery/-']);
    const user = ['--track', '-', '--email', 'grace@bakery.example'];
    await done(['user', 'add', ...user, '--email-verified', '--name', 'Grace', '--password-stdin'], `${password}\n`);
    expect(await done(['user', 'list', '--track', '-'])).toMatch(/grace@bakery\.example +Grace/);
    const till = await RelyingParty.discover(world, {
      client_id: 'till',
      tenant: 'bakery',
      redirect_uri: callback,
      secret: tillSecret,
    });
    const browser = new Browser(world.base);
    const begun = await till.begin();
    const page = await browser.open(begun.url);
    const back = await signInOnPages(browser, page, { username: 'grace@bakery.example', password });
    expect((await till.redeem(back.url, begun)).claims()).toMatchObject({
      name: 'Grace',
      email: 'grace@bakery.example',
    });
    await done(['user', 'remove', ...user, '--yes']);
    expect(await done(['user', 'list', '--track', '-'])).not.toContain('grace');
  });

  it('lets another key sign', async () => {
    const [before] = await keysOf();
    expect(before).toMatchObject({ state: 'current' });
    expect(await done(['key', 'rotate', '--track', '-', '--at-once'])).toContain('signs now');
    const after = await keysOf();
    expect(after.find(({ kid }) => kid === before!.kid)).toMatchObject({ state: 'previous' });
    expect(after.find(({ state }) => state === 'current')?.kid).not.toBe(before!.kid);
  });

  it('signs a person in by a browser elsewhere, and out again', async () => {
    const browser = new Browser(world.base);
    let allowing: Promise<unknown> | undefined;
    const allow = async (address: string): Promise<void> => {
      const asked = await browser.open(address);
      const first = await browser.submit(asked);
      await browser.submit(await signInOnPages(browser, first, admin), {}, 'consent');
    };
    const heard = (out: string): void => {
      const [address] = /http\S+user_code=\S+/.exec(out) ?? [];
      if (address !== undefined) allowing ??= allow(address);
    };
    const login = ['login', '--url', world.base, '--tenant', 'bakery'];
    const signedIn = await corsac.run(login, { heard });
    await allowing;
    expect(signedIn).toMatchObject({ exit: 0, err: '' });
    const kept = join(folder, 'xdg/corsac/credentials.json');
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    const tokens = JSON.parse(await readFile(kept, 'utf8')) as { logins: [Record<string, string>] };
    expect(await corsac.run(['track', 'list'])).toMatchObject({ exit: 0 });
    // What is kept is renewed when it ends.
    const [first] = tokens.logins;
    await writeFile(kept, JSON.stringify({ version: 1, logins: [{ ...first, expires_ms: 0 }] }));
    expect(await Promise.all([corsac.run(['track', 'list']), corsac.run(['track', 'list'])])).toMatchObject([
      { exit: 0 },
      { exit: 0 },
    ]);
    expect(await corsac.run(['logout'])).toMatchObject({ exit: 0 });
    expect(await corsac.run(['track', 'list'])).toMatchObject({ exit: 1 });
    for (const token of [first['access_token']!, first['refresh_token']!]) expect(corsac.said).not.toContain(token);
  });

  it('makes and removes tenants for the administrators of the installation', async () => {
    const add = ['tenant', 'add', 'dairy', '--admin-email', 'owner@dairy.example', '--password-stdin'];
    await done(add, `${password}\n`);
    expect(await done(['tenant', 'list'])).toMatch(/^dairy/m);
    expect(await run(add, `${password}\n`)).toMatchObject({ exit: 1 });
    await done(['tenant', 'remove', 'dairy', '--yes']);
    expect(await done(['tenant', 'list'])).not.toContain('dairy');
  });

  it('finds the installation in health from outside, and what is not there', async () => {
    const doctor = ['doctor', '--url', world.base, '--tenant', 'bakery', '--track'];
    expect(await done([...doctor, '-'])).toMatch(/^ok +signing keys/m);
    const { exit, out } = await corsac.run([...doctor, 'none']);
    expect(exit).toBe(1);
    expect(out).toMatch(/^problem +discovery/m);
    expect(out).toMatch(/^skipped +signing keys/m);
  });

  it('does what its page says, as the commands stand there', async () => {
    const page = new Howto('use-the-command-line');
    const [cwd, bin] = [join(folder, 'page'), join(folder, 'bin')];
    await mkdir(join(cwd, 'files'), { recursive: true });
    await mkdir(bin);
    await symlink(join(repository, 'apps/cli/bin/corsac.js'), join(bin, 'corsac'));
    await writeFile(join(cwd, 'files/dev.yaml'), page.file('files/dev.yaml'));
    const env = { ...robot(), OVEN_SECRET: 'a secret of the oven that is long enough', GRACE_PASSWORD: password };
    const printed = await page.run({ ...env, PATH: `${bin}:${process.env['PATH'] ?? ''}` }, cwd);
    for (const part of ['3 to create, 0 to update', 'Applied: 3 created', 'Wrote exported/dev.yaml', 'signs now'])
      expect(printed).toContain(part);
    expect(printed.match(/^Nothing would change\.$/gm)).toHaveLength(2);
    expect(printed).toMatch(/^ok +signing keys/m);
    for (const secret of [env.OVEN_SECRET, password, robotSecret]) expect(printed).not.toContain(secret);
  });

  it('has said no secret', () => {
    expect(corsac.said).toContain('Applied');
    for (const secret of [robotSecret, tillSecret, password, admin.password]) expect(corsac.said).not.toContain(secret);
  });
});
