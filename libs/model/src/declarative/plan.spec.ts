import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  differences,
  formatTrack,
  isEqual,
  masked,
  parseDeclarative,
  planChanges,
  type DesiredState,
  type InstallationState,
} from '../index.js';

const read = (text: string, env = {}): DesiredState => {
  const outcome = parseDeclarative([{ file: 'x.yaml', text }], { env });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const state = (track: string): InstallationState => read(`tenants: [{ name: acme, tracks: [${track}] }]`);
const login = '{ name: login, type: login }';
const api = '{ name: api, type: oauth2, resource: { scopes: [read] } }';
const shown = (changes: ReturnType<typeof planChanges>) =>
  changes.map(({ action, kind, tenant, track, name }) =>
    [action, kind, tenant, track, name].filter((part) => part !== undefined).join(' '),
  );

describe('Plan of changes', () => {
  it('creates what is not there, tenant first', () => {
    expect(
      shown(planChanges({ tenants: [] }, state(`{ name: x, up_parties: [${login}], down_parties: [${api}] }`))),
    ).toEqual([
      'create tenant acme',
      'create track acme x',
      'create up_party acme x login',
      'create down_party acme x api',
    ]);
  });

  it('is empty when nothing differs', () => {
    const wanted = state(`{ name: x, up_parties: [${login}], down_parties: [${api}] }`);
    expect(planChanges(wanted, structuredClone(wanted), true)).toEqual([]);
  });

  it('tells what an update changes', () => {
    const before = state(
      `{ name: x, display_name: Old, settings: { brakes: { max_failing_logins: 3 } }, up_parties: [${login}] }`,
    );
    const after = state(`{ name: x, display_name: New, up_parties: [{ name: login, type: login, title: Hi }] }`);
    expect(planChanges(before, after)).toEqual([
      {
        action: 'update',
        kind: 'track',
        tenant: 'acme',
        track: 'x',
        fields: [{ path: ['display_name'], before: 'Old', after: 'New' }],
      },
      {
        action: 'update',
        kind: 'settings',
        tenant: 'acme',
        track: 'x',
        fields: [{ path: ['brakes', 'max_failing_logins'], before: 3, after: 5 }],
      },
      {
        action: 'update',
        kind: 'up_party',
        tenant: 'acme',
        track: 'x',
        name: 'login',
        fields: [{ path: ['title'], before: undefined, after: 'Hi' }],
      },
    ]);
  });

  it('updates the texts of a tenant', () => {
    const after = read('tenants: [{ name: acme, note: hi }]');
    expect(planChanges(read('tenants: [{ name: acme }]'), after)).toEqual([
      {
        action: 'update',
        kind: 'tenant',
        tenant: 'acme',
        fields: [{ path: ['note'], before: undefined, after: 'hi' }],
      },
    ]);
  });

  const full = read(
    `tenants: [{ name: acme, tracks: [{ name: x, up_parties: [${login}], down_parties: [${api}] }, { name: y }, { name: master }] }, { name: other, tracks: [{ name: z }] }]`,
  );
  const little = read(`tenants: [{ name: acme, tracks: [{ name: x, up_parties: [${login}] }] }]`);

  it('deletes nothing by itself', () => {
    expect(planChanges(full, little)).toEqual([]);
  });

  it('deletes parties and tracks with prune, but no master track and no tenant', () => {
    expect(shown(planChanges(full, little, true))).toEqual(['delete down_party acme x api', 'delete track acme y']);
  });

  it('deletes nothing of a tenant that is new', () => {
    expect(shown(planChanges({ tenants: [] }, little, true))).toEqual([
      'create tenant acme',
      'create track acme x',
      'create up_party acme x login',
    ]);
  });
});

describe('Differences', () => {
  it('are none between values that differ in the order of members or in undefined ones', () => {
    expect(isEqual({ a: 1, b: { c: [1, { d: 2 }] } }, { b: { c: [1, { d: 2 }] }, a: 1, e: undefined })).toBe(true);
    expect(differences({ a: 1 }, { a: 1 })).toEqual([]);
  });

  it.each([
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, [1]],
    [{ a: 1 }, null],
    [null, { a: 1 }],
    ['1', 1],
    [{ a: 1 }, { a: 1, b: null }],
  ])('are seen between %j and %j', (before, after) => {
    expect(isEqual(before, after)).toBe(false);
  });

  it('count a list as one setting', () => {
    expect(differences({ a: [1, { b: 1 }] }, { a: [1, { b: 2 }] })).toEqual([
      { path: ['a'], before: [1, { b: 1 }], after: [1, { b: 2 }] },
    ]);
  });

  it('never show a secret', () => {
    const before = {
      secrets: [{ hash: 'canary-1' }],
      client_secret: { sealed: 'canary-2' },
      mail: { smtp_password: { sealed: 'canary-3' } },
    };
    const changes = differences(before, { secrets: [], client_secret: { sealed: 'canary-4' } });
    expect(JSON.stringify(changes)).not.toContain('canary');
    expect(changes.map(({ path }) => path.join('.'))).toEqual(['secrets', 'client_secret', 'mail']);
  });

  it('mask secrets wherever they stand', () => {
    expect(masked({ a: [{ password: 'x', b: 1 }], password_hash: 'y', c: null })).toEqual({
      a: [{ password: '***', b: 1 }],
      password_hash: '***',
      c: null,
    });
    expect(masked(undefined, 'password')).toBeUndefined();
  });
});

describe('Writing a track back, spec 6', () => {
  const env = {
    CORSAC_BASE_URL: 'http://localhost:4400',
    ...Object.fromEntries(
      ['SHOP', 'ORDERS', 'WORKER', 'PARTNER', 'LEGACY'].map((name) => [`DEMO_${name}_SECRET`, `secret-of-${name}`]),
    ),
  };
  const demo = read(readFileSync(join(__dirname, '../../../../deploy/demo/demo.yaml'), 'utf8'), env);

  it.each(demo.tenants[0]!.tracks.map((track) => [track.name, track] as const))(
    'reads back to the same track: %s',
    (_name, track) => {
      expect(read(formatTrack('acme', track))).toEqual({ tenants: [{ name: 'acme', tracks: [track] }] });
    },
  );

  it('leaves out what reading fills in', () => {
    const track = state(`{ name: x, up_parties: [${login}] }`).tenants[0]!.tracks[0]!;
    expect(formatTrack('acme', track as never)).toBe(
      'tenant: acme\ntrack: x\nup_parties:\n  - name: login\n    type: login\n',
    );
  });

  it('reads back settings, transforms with references and odd texts', () => {
    const text = `
tenant: acme
track: "-"
note: "# not a comment: ${'$'}{x"
settings: { sequence_lifetime: 60, texts: { da: { title: "Velkommen: ja" } } }
up_parties:
  - name: login
    type: login
    title: "yes"
    claim_transforms:
      - { type: regex_map, claims_in: [email], claim_out: d, transformation: '(?<map>.+)$${'$'}{2}' }
users:
  - { email: a@b.dk, password: "null", claims: { tel: "0123", level: 1.5, o: { on: true } } }
`;
    const once = read(text);
    const [track] = once.tenants[0]!.tracks;
    expect(read(formatTrack('acme', track!))).toEqual(once);
  });

  it('writes hashes of secrets but not the fingerprints that only one installation understands', () => {
    const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g';
    const track = read(
      `{ tenant: acme, track: x, down_parties: [{ name: w, type: oauth2, secrets: [{ id: a, hash: '${hash}', fingerprint: canary, info: abc }, text] }] }`,
    ).tenants[0]!.tracks[0]!;
    const text = formatTrack('acme', track);
    expect(text).toContain(hash);
    expect(text).not.toContain('canary');
  });
});
