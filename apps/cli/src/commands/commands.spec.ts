import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base, FakeMachine, type Answered, type Asked } from '../fixtures/fake-machine.js';
import { run } from '../run.js';

const folder = mkdtempSync(join(tmpdir(), 'corsac-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'a.yaml');
writeFileSync(file, "tenant: acme\ntrack: dev\nnote: '${NOTE_SECRET}'\n");

type Answers = Readonly<Record<string, Answered | ((asked: Asked) => Answered)>>;

const corsac = async (words: string[], answers: Answers, more: Partial<FakeMachine> = {}) => {
  const machine = new FakeMachine((asked) => {
    const found = answers[`${asked.method} ${asked.url.slice(base.length)}`] ?? {
      status: 404,
      json: { title: 'There is no such address.' },
    };
    return typeof found === 'function' ? found(asked) : found;
  });
  Object.assign(machine, more);
  Object.assign(machine.env, {
    CORSAC_URL: base,
    CORSAC_TENANT: 'acme',
    CORSAC_TOKEN: 'the-token',
    NOTE_SECRET: 'note-secret',
    ...more.env,
  });
  const exit = await run(machine, words);
  // Whatever comes out of it, secrets do not.
  expect(machine.stdout + machine.stderr).not.toMatch(/the-token|note-secret|Rye-bread/);
  return { exit, machine, sent: machine.asked.map(({ method, url }) => `${method} ${url.slice(base.length)}`) };
};

const changes = [{ action: 'create', kind: 'track', track: 'dev' }];
const planned: Answers = {
  'POST /api/acme/master/plan': { json: { changes } },
  'POST /api/acme/master/apply': { json: { changes } },
};

describe('corsac plan', () => {
  it('sends the files with the variables that they name, and changes nothing', async () => {
    const { exit, machine, sent } = await corsac(['plan', '-f', file], planned);
    expect([exit, machine.stdout]).toEqual([0, '+ track dev\n\n1 to create, 0 to update, 0 to delete.\n']);
    expect(sent).toEqual(['POST /api/acme/master/plan']);
    expect(JSON.parse(machine.asked[0]!.body)).toEqual({
      files: [{ file, text: readFileSync(file, 'utf8') }],
      variables: { NOTE_SECRET: 'note-secret' },
      prune: false,
    });
    expect(machine.asked[0]!.headers.get('authorization')).toBe('Bearer the-token');
  });

  it('ends with 3 when something would change and that is asked for', async () => {
    const none = { 'POST /api/acme/master/plan': { json: { changes: [] } } };
    expect((await corsac(['plan', '-f', file, '--exit-code'], planned)).exit).toBe(3);
    expect((await corsac(['plan', '-f', file, '--exit-code'], none)).exit).toBe(0);
    expect((await corsac(['plan', '-f', file, '--json'], planned)).machine.stdout).toBe(
      `${JSON.stringify({ changes }, null, 2)}\n`,
    );
  });

  it('tells every field that is refused, where it stands', async () => {
    const errors = [{ field: `${file}:3:7 note`, message: 'is too long', mend: 'Shorten it.' }];
    const json = { title: 'What was sent cannot be kept.', detail: 'not needed', errors };
    const { exit, machine } = await corsac(['plan', '-f', file], {
      'POST /api/acme/master/plan': { status: 422, json },
    });
    expect([exit, machine.stdout]).toEqual([1, '']);
    expect(machine.stderr).toBe(`corsac: What was sent cannot be kept\n  ${file}:3:7 note is too long (Shorten it.)\n`);
  });

  it('tells machines their problems as JSON', async () => {
    const { machine } = await corsac(['plan', '-f', 'nowhere', '--json'], {});
    expect(JSON.parse(machine.stderr)).toEqual({ problem: { message: 'nowhere does not exist', details: [] } });
  });

  it('sends nothing when a variable is missing', async () => {
    const { exit, sent } = await corsac(['plan', '-f', file], planned, { env: { NOTE_SECRET: undefined } });
    expect([exit, sent]).toEqual([1, []]);
  });
});

describe('corsac apply', () => {
  const both = ['POST /api/acme/master/plan', 'POST /api/acme/master/apply'];

  it.each<[string, string[], Partial<FakeMachine>, number, string[]]>([
    ['asks, and does it after yes', [], { interactive: true, typed: 'y' }, 0, both],
    ['asks, and does nothing after no', [], { interactive: true, typed: '' }, 1, both.slice(0, 1)],
    ['does it where --yes says so', ['--yes'], {}, 0, both],
    ['does nothing without --yes where nobody can be asked', [], {}, 2, both.slice(0, 1)],
  ])('%s', async (_rule, words, more, exit, sent) => {
    const done = await corsac(['apply', '-f', file, ...words], planned, more);
    expect({ exit: done.exit, sent: done.sent }).toEqual({ exit, sent });
    expect(done.machine.stdout).toContain('+ track dev');
  });

  it('applies what brings users, of which a plan does not tell', async () => {
    const users = join(folder, 'users.yaml');
    writeFileSync(users, 'tenant: acme\ntrack: dev\nusers: [{ email: a@b.example }]\n');
    const none: Answers = Object.fromEntries(both.map((one) => [one, { json: { changes: [] } }]));
    expect((await corsac(['apply', '-f', file], none)).sent).toEqual(both.slice(0, 1));
    const { sent, machine } = await corsac(['apply', '-f', users, '--yes'], none);
    expect(sent).toEqual(both);
    expect(machine.stdout).toContain('The files bring users');
  });
});

describe('corsac export', () => {
  const track = (text: string): Answered => ({ json: { file: 'x', text } });
  const tenant: Answers = {
    'GET /api/acme?limit=200': { json: { name: 'acme', tracks: { items: [{ name: '-' }], next: '-' } } },
    'GET /api/acme?limit=200&cursor=-': { json: { tracks: { items: [{ name: 'dev' }, { name: '../evil' }] } } },
    'GET /api/acme/-/export': track('one'),
    'GET /api/acme/dev/export': track('two'),
  };

  it('writes each track to a file that only its owner reads, and overwrites none unasked', async () => {
    const out = join(folder, 'out/deep');
    expect((await corsac(['export', '-o', out], tenant)).exit).toBe(0);
    expect(['-', 'dev'].map((name) => readFileSync(join(out, `${name}.yaml`), 'utf8'))).toEqual(['one', 'two']);
    expect(statSync(join(out, 'dev.yaml')).mode & 0o777).toBe(0o600);
    const again = await corsac(['export', 'dev', '-o', out], { 'GET /api/acme/dev/export': track('three') });
    expect([again.exit, readFileSync(join(out, 'dev.yaml'), 'utf8')]).toEqual([1, 'two']);
    const forced = await corsac(['export', 'dev', '-o', out, '--force'], {
      'GET /api/acme/dev/export': track('three'),
    });
    expect([forced.exit, readFileSync(join(out, 'dev.yaml'), 'utf8')]).toEqual([0, 'three']);
  });

  it('takes no name that leaves the folder', async () => {
    expect((await corsac(['export', '../evil', '-o', folder], tenant)).exit).toBe(2);
  });
});

describe('corsac user', () => {
  const ada = { user_id: 'u1', email: 'ada@example.com', roles: ['a'], claims: { name: 'Ada\u001b[31m' } };

  it('adds one with a password that was piped in', async () => {
    const words = ['user', 'add', '--track', '-', '--email', 'ada@example.com', '--role', 'a', '--password-stdin'];
    const made = { 'POST /api/acme/-/users': { status: 201, json: ada } };
    const { exit, machine } = await corsac(words, made, { secret: 'Rye-bread-1' });
    expect([exit, machine.stdout]).toEqual([0, 'User ada@example.com is made.\n']);
    expect(JSON.parse(machine.asked[0]!.body)).toEqual({
      email: 'ada@example.com',
      email_verified: false,
      password: 'Rye-bread-1',
      roles: ['a'],
    });
  });

  it.each([
    ['nobody', ['user', 'add', '--track', '-']],
    ['an empty password', ['user', 'add', '--track', '-', '--email', 'a@b.example', '--password-stdin']],
    ['nobody to remove', ['user', 'remove', '--track', '-', '--yes']],
    ['two to remove', ['user', 'remove', '--track', '-', '--email', 'a@b.example', '--id', 'x', '--yes']],
  ])('is wrongly used with %s', async (_what, words) => {
    expect(await corsac(words, {})).toMatchObject({ exit: 2, sent: [] });
  });

  it('lists them all, without what would change the terminal', async () => {
    const { machine } = await corsac(['user', 'list', '--track', '-'], {
      'GET /api/acme/-/users?limit=200': { json: { items: [ada], next: 'n x' } },
      'GET /api/acme/-/users?limit=200&cursor=n%20x': {
        json: { items: [{ user_id: 'u2', phone: '+451', disabled: true }] },
      },
    });
    expect(machine.stdout.split('\n').map((line) => line.replace(/ {2,}/g, '|'))).toEqual([
      'id|signs in as|name|roles',
      'u1|ada@example.com|Ada[31m|a',
      'u2|+451|(disabled)',
      '',
    ]);
  });

  it('removes the one of exactly that address', async () => {
    const found = (items: object[]): Answers => ({
      'GET /api/acme/-/users?filter=ada%40example.com&limit=200': { json: { items } },
      'DELETE /api/acme/-/users/u1': { status: 204 },
    });
    const words = ['user', 'remove', '--track', '-', '--email', 'Ada@example.com', '--yes'];
    expect(await corsac(words, found([{ user_id: 'u9', email: 'xada@example.com' }, ada]))).toMatchObject({ exit: 0 });
    expect(await corsac(words, found([{ user_id: 'u9', email: 'xada@example.com' }]))).toMatchObject({ exit: 1 });
  });
});

describe('corsac key, track and tenant', () => {
  it('rotate keys', async () => {
    const rotated = { 'POST /api/acme/dev/keys/rotate': { json: { rotated: [{ alg: 'RS256', kid: 'k' }] } } };
    const { machine } = await corsac(['key', 'rotate', '--track', 'dev', '--at-once', '--alg', 'RS256'], rotated);
    expect(machine.stdout).toBe('RS256 key k signs now.\n');
    expect(JSON.parse(machine.asked[0]!.body)).toEqual({ at_once: true, alg: 'RS256' });
  });

  it('make only what is not there', async () => {
    const { machine } = await corsac(['track', 'add', 'dev', '--display-name', 'Dev'], {
      'PUT /api/acme/dev': { status: 201 },
    });
    expect(machine.asked[0]).toMatchObject({ method: 'PUT', body: '{"name":"dev","display_name":"Dev"}' });
    expect(machine.asked[0]!.headers.get('if-none-match')).toBe('*');
  });

  it('call tenants in the tenant master, whatever the environment names', async () => {
    const words = ['tenant', 'add', 'bakery', '--admin-email', 'g@bakery.example', '--password-stdin'];
    const made = { 'PUT /api/master/master/tenants/bakery': { status: 201, json: { name: 'bakery' } } };
    const { exit, machine } = await corsac(words, made, { secret: 'Rye-bread-1' });
    expect(exit).toBe(0);
    expect(JSON.parse(machine.asked[0]!.body)).toEqual({
      name: 'bakery',
      administrator: { email: 'g@bakery.example', password: 'Rye-bread-1' },
    });
  });

  it.each([
    ['track', ['track', 'remove', 'dev'], 'DELETE /api/acme/dev'],
    ['tenant', ['tenant', 'remove', 'bakery'], 'DELETE /api/master/master/tenants/bakery'],
  ])('remove a %s only when that is meant', async (_what, words, sent) => {
    const answers = { [sent]: { status: 204 } };
    expect(await corsac(words, answers)).toMatchObject({ exit: 2, sent: [] });
    expect(await corsac(words, answers, { interactive: true, typed: 'n' })).toMatchObject({ exit: 1, sent: [] });
    expect(await corsac(words, answers, { interactive: true, typed: 'yes' })).toMatchObject({ exit: 0, sent: [sent] });
  });

  it.each<[Answered, string]>([
    [
      { status: 403, json: { title: 'You have no right to do this.', detail: 'It takes X.' } },
      'corsac: You have no right to do this\n  It takes X.\n',
    ],
    [{ status: 502 }, `corsac: ${base}/api/acme?limit=200 answers 502, and not what Corsac says there\n`],
    [{ fault: 'ECONNREFUSED' }, `corsac: ${base} is not reached: nothing listens there\n`],
    [{ json: { tracks: [] } }, `corsac: ${base}/api/acme?limit=200 answers 200, and not what Corsac says there\n`],
    [{ json: { tracks: { items: [], next: 'n' } } }, 'corsac: the list at /api/acme comes to no end\n'],
  ])('tell why they fail: %j', async (answer, told) => {
    const answers = { 'GET /api/acme?limit=200': answer, 'GET /api/acme?limit=200&cursor=n': answer };
    const { exit, machine } = await corsac(['track', 'list'], answers);
    expect([exit, machine.stdout]).toEqual([1, '']);
    expect(machine.stderr).toContain(told);
  });
});

describe('a server that asks for a moment', () => {
  const busy = { status: 503, headers: { 'retry-after': '2' }, json: { title: 'Not available for the moment.' } };
  const afterwards = (answer: Answered, times: number) => {
    let left = times;
    return (): Answered => (left-- > 0 ? busy : answer);
  };

  it('is read again after it, some times', async () => {
    const list = { json: { items: [] } };
    const words = ['key', 'list', '--track', '-'];
    const soon = await corsac(words, { 'GET /api/acme/-/keys': afterwards(list, 2) });
    expect([soon.exit, soon.machine.slept]).toEqual([0, [2000, 2000]]);
    const never = await corsac(words, { 'GET /api/acme/-/keys': busy });
    expect([never.exit, never.sent.length]).toEqual([1, 4]);
    const long = await corsac(words, { 'GET /api/acme/-/keys': { ...busy, headers: { 'retry-after': '3600' } } });
    expect([long.exit, long.sent.length]).toEqual([1, 1]);
  });

  it('is not changed again: the change may have been made', async () => {
    const rotate = afterwards({ json: { rotated: [] } }, 1);
    const { exit, sent } = await corsac(['key', 'rotate', '--track', '-'], { 'POST /api/acme/-/keys/rotate': rotate });
    expect([exit, sent.length]).toEqual([1, 1]);
  });
});

describe('what is no command', () => {
  it.each([[[]], [['fly']], [['user']], [['user', 'fly']]])(
    'ends with 2 and tells what there is: %j',
    async (words) => {
      const { exit, machine } = await corsac(words, {});
      expect([exit, machine.stdout]).toEqual([2, '']);
      expect(machine.stderr).toContain('corsac user add');
    },
  );

  it.each([[['--help']], [['help']], [['user', '--help']], [['plan', '--help']]])('is told by %j', async (words) => {
    const { exit, machine } = await corsac(words, {});
    expect([exit, machine.stderr]).toEqual([0, '']);
    expect(machine.stdout).toContain('corsac ');
  });
});
