import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok } from '@corsac/outcome';
import { base, beginMs, FakeMachine, metadataOf, type Asked, type Answered } from '../fixtures/fake-machine.js';
import { CredentialsFile, credentialsPath, withLogin, type Login } from './credentials-file.js';
import { findAccess } from './find-access.js';
import { renewLogin } from './renew-login.js';

const place = { url: base, tenant: 'acme' };
const login = (more: Partial<Login> = {}): Login => ({
  ...place,
  client_id: 'corsac_control',
  token_endpoint: `${base}/t`,
  access_token: 'access-1',
  expires_ms: beginMs + 300_000,
  refresh_token: 'refresh-1',
  ...more,
});
const keep = (file: CredentialsFile, one: Login) =>
  file.change(async (logins) => ({ logins: withLogin(logins, one), result: ok(true) }));

/** A server that takes each refresh token once, as RFC 9700 4.14.2 has it. */
const rotating = () => {
  let count = 1;
  return ({ body }: Asked): Answered => {
    if (new URLSearchParams(body).get('refresh_token') !== `refresh-${count}`)
      return { status: 400, json: { error: 'invalid_grant' } };
    count += 1;
    const json = { access_token: `access-${count}`, token_type: 'Bearer', refresh_token: `refresh-${count}` };
    return { json: { ...json, expires_in: 300 } };
  };
};

describe('the credentials file', () => {
  it('is where XDG says, and in the home folder else', () => {
    const env = (XDG_CONFIG_HOME?: string) => credentialsPath({ env: { XDG_CONFIG_HOME }, home: '/home/ada' });
    expect(env()).toBe('/home/ada/.config/corsac/credentials.json');
    expect(env('/etc/ada')).toBe('/etc/ada/corsac/credentials.json');
    // The specification has relative paths ignored.
    expect(env('ada')).toBe('/home/ada/.config/corsac/credentials.json');
  });

  it('is read by its owner only, and in a folder of theirs', async () => {
    const file = new CredentialsFile(new FakeMachine());
    await keep(file, login());
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file.path)).mode & 0o777).toBe(0o700);
    expect(await file.read()).toEqual({ ok: true, value: [login()] });
  });

  it('becomes private again when it was not, and leaves nothing beside it', async () => {
    const file = new CredentialsFile(new FakeMachine());
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(file.path, '{"version":1,"logins":[]}', { mode: 0o644 });
    await keep(file, login());
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file.path))).toEqual(['credentials.json']);
  });

  it('is whole at any moment, whoever reads while others write', async () => {
    const file = new CredentialsFile(new FakeMachine());
    await keep(file, login());
    const writes = Array.from({ length: 20 }, (_, at) => keep(file, login({ tenant: `t${at}` })));
    for (let reads = 0; reads < 50; reads += 1) expect((await file.read()).ok).toBe(true);
    await Promise.all(writes);
    const read = await file.read();
    expect(read.ok && read.value).toHaveLength(21);
  });

  it('stays as it was when a change fails', async () => {
    const file = new CredentialsFile(new FakeMachine());
    await keep(file, login());
    const failing = file.change(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await keep(file, login({ tenant: 'b' }))).toMatchObject({ ok: true });
  });

  it('is refused when something else wrote it, and not overwritten', async () => {
    const machine = new FakeMachine();
    const file = new CredentialsFile(machine);
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(file.path, '{"version":2}');
    expect(await keep(file, login())).toMatchObject({ ok: false });
    expect(readFileSync(file.path, 'utf8')).toBe('{"version":2}');
  });

  it('outlives a process that ended while it held the lock', async () => {
    const file = new CredentialsFile(new FakeMachine());
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(`${file.path}.lock`, 'somebody');
    utimesSync(`${file.path}.lock`, new Date(Date.now() - 600_000), new Date(Date.now() - 600_000));
    expect(await Promise.all([keep(file, login()), keep(file, login({ tenant: 'b' }))])).toEqual([ok(true), ok(true)]);
    expect(readdirSync(dirname(file.path))).toEqual(['credentials.json']);
  });

  it('waits a minute for a lock that is held, and then says which', async () => {
    const file = new CredentialsFile(new FakeMachine());
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(`${file.path}.lock`, 'somebody');
    expect(await keep(file, login())).toMatchObject({
      error: { message: `another corsac holds ${file.path}.lock` },
    });
    expect(readFileSync(`${file.path}.lock`, 'utf8')).toBe('somebody');
  });
});

describe('a login that is renewed, RFC 6749 6', () => {
  const kept = async (answers: (asked: Asked) => Answered, one = login()) => {
    const machine = new FakeMachine(answers);
    const file = new CredentialsFile(machine);
    await keep(file, one);
    return { machine, file };
  };

  it('is not, while its token is good', async () => {
    const { machine, file } = await kept(rotating());
    expect(await renewLogin(machine, file, place)).toEqual(ok('access-1'));
    expect(machine.asked).toEqual([]);
  });

  it('gets another token before the old one ends, and keeps the new refresh token', async () => {
    const { machine, file } = await kept(rotating());
    machine.now += 271_000;
    expect(await renewLogin(machine, file, place)).toEqual(ok('access-2'));
    const read = await file.read();
    expect(read).toMatchObject({ value: [{ refresh_token: 'refresh-2', expires_ms: machine.now + 300_000 }] });
  });

  it('is renewed once, however many processes want it at once', async () => {
    const { machine, file } = await kept(rotating(), login({ expires_ms: 0 }));
    const processes = Array.from({ length: 8 }, () => renewLogin(machine, new CredentialsFile(machine), place));
    expect(new Set((await Promise.all(processes)).map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify(ok('access-2'))]),
    );
    expect(machine.asked).toHaveLength(1);
    expect(await renewLogin(machine, file, place, 'access-2')).toEqual(ok('access-3'));
  });

  it('is forgotten when the server takes it no more, and kept when the server is away', async () => {
    const away = await kept(() => ({ fault: 'ECONNREFUSED' }), login({ expires_ms: 0 }));
    expect(await renewLogin(away.machine, away.file, place)).toMatchObject({ ok: false });
    expect(await away.file.read()).toMatchObject({ value: [{ refresh_token: 'refresh-1' }] });
    const over = await kept(() => ({ status: 400, json: { error: 'invalid_grant' } }), login({ expires_ms: 0 }));
    const refused = await renewLogin(over.machine, over.file, place);
    expect(refused).toMatchObject({ error: { message: 'the login has ended: invalid_grant' } });
    expect(JSON.stringify(refused)).not.toContain('refresh-1');
    expect(await over.file.read()).toEqual(ok([]));
  });
});

describe('as whom a command acts', () => {
  const found = async (env: object, options: object = {}, answers?: (asked: Asked) => Answered) => {
    const machine = new FakeMachine(answers);
    Object.assign(machine.env, env);
    return { machine, access: await findAccess(machine, options) };
  };
  const where = { CORSAC_URL: base, CORSAC_TENANT: 'acme' };

  it('is the token of the environment, when there is one', async () => {
    const { access } = await found({ ...where, CORSAC_TOKEN: 'given' });
    expect(access.ok && (await access.value.token())).toEqual(ok('given'));
  });

  it('is the client of the environment, by client credentials, once', async () => {
    const answers = ({ url }: Asked): Answered =>
      url.endsWith('openid-configuration')
        ? { json: metadataOf('acme', 'robot') }
        : { json: { access_token: 'of-robot', token_type: 'Bearer', expires_in: 60 } };
    const env = { ...where, CORSAC_CLIENT_ID: 'robot', CORSAC_CLIENT_SECRET: 'secret-of-robot' };
    const { access, machine } = await found(env, {}, answers);
    if (!access.ok) throw new Error(access.error.message);
    expect(await access.value.token()).toEqual(ok('of-robot'));
    expect(await access.value.token()).toEqual(ok('of-robot'));
    expect(machine.asked.map(({ url }) => url)).toEqual([
      `${base}/acme/master/robot/.well-known/openid-configuration`,
      `${base}/acme/master/robot/oauth/token`,
    ]);
    expect(machine.asked[1]!.body).toContain('grant_type=client_credentials');
  });

  it.each([
    ['another issuer', { issuer: 'https://other.example/acme/master/robot' }],
    ['a token endpoint elsewhere', { token_endpoint: 'https://evil.example/token' }],
    ['an address that only begins alike', { token_endpoint: `${base}.evil.example/token` }],
  ])('sends no secret where the metadata has %s', async (_what, more) => {
    const env = { ...where, CORSAC_CLIENT_ID: 'robot', CORSAC_CLIENT_SECRET: 'secret-of-robot' };
    const { access, machine } = await found(env, {}, () => ({ json: metadataOf('acme', 'robot', more) }));
    expect(access.ok && (await access.value.token())).toMatchObject({ ok: false });
    expect(JSON.stringify(machine.asked)).not.toContain('secret-of-robot');
  });

  it.each<[string, object, object, string]>([
    ['no place', { CORSAC_TOKEN: 't' }, {}, 'where is not said'],
    [
      'half a client',
      { ...where, CORSAC_CLIENT_ID: 'r' },
      {},
      'CORSAC_CLIENT_ID is set and CORSAC_CLIENT_SECRET is not',
    ],
    ['no login', {}, {}, 'nobody is signed in'],
    ['no login there', {}, { url: base, tenant: 'b' }, `nobody is signed in at ${base} in tenant b`],
    [
      'http',
      { ...where, CORSAC_URL: 'http://id.example.com', CORSAC_TOKEN: 't' },
      {},
      'secrets would go over the network in the clear',
    ],
    ['no address', { ...where, CORSAC_URL: 'id.example.com', CORSAC_TOKEN: 't' }, {}, 'id.example.com is no address'],
    [
      'a password',
      { ...where, CORSAC_URL: 'https://a:b@id.example.com', CORSAC_TOKEN: 't' },
      {},
      'an address has no user, password, query or fragment',
    ],
  ])('is not known with %s', async (_what, env, options, message) => {
    expect((await found(env, options)).access).toMatchObject({ ok: false, error: { message } });
  });

  it.each(['http://localhost:4400', 'http://127.0.0.1:4400/', 'http://[::1]:4400', 'https://id.example.com/sub/'])(
    'takes %s for an address',
    async (CORSAC_URL) => {
      const { access } = await found({ ...where, CORSAC_URL, CORSAC_TOKEN: 't' });
      expect(access.ok && access.value.base).toBe(CORSAC_URL.replace(/\/$/, ''));
    },
  );

  it('is who signed in last, unless it is said which of several installations', async () => {
    const machine = new FakeMachine();
    const file = new CredentialsFile(machine);
    await keep(file, login());
    await keep(file, login({ tenant: 'master', access_token: 'access-m' }));
    const last = await findAccess(machine, {});
    expect(last.ok && (await last.value.token())).toEqual(ok('access-m'));
    await keep(file, login({ url: 'https://other.example', access_token: 'access-o' }));
    expect(await findAccess(machine, {})).toMatchObject({
      error: { message: expect.stringContaining('several') as string },
    });
    const said = await findAccess(machine, { url: base, tenant: 'acme' });
    expect(said.ok && (await said.value.token())).toEqual(ok('access-1'));
    expect(join(machine.home, '.config/corsac/credentials.json')).toBe(file.path);
  });
});
