import {
  controlApiScopes,
  mayDo,
  mayReadTrack,
  readRights,
  rightsInScope,
  type RightArea,
  type RightVerb,
} from '../index.js';

const verbs: readonly RightVerb[] = ['read', 'create', 'update', 'delete'];
const ofTrack: readonly RightArea[] = ['track', 'party', 'user', 'log', 'audit'];
const tracks = ['-', 'dev', 'master'];

/** Everything that can be wanted, in a tenant that is not `master`: `area verb track`. */
const everything = [
  ...verbs.map((verb) => `tenant ${verb} master`),
  ...tracks.flatMap((track) => ofTrack.flatMap((area) => verbs.map((verb) => `${area} ${verb} ${track}`))),
];

const allowed = (texts: readonly string[], tenant_is_master = false): string[] =>
  everything.filter((one) => {
    const [area, verb, track] = one.split(' ') as [RightArea, RightVerb, string];
    return mayDo(readRights(texts), { tenant_is_master, area, verb, track });
  });

const only = (matches: (area: string, verb: string, track: string) => boolean): string[] =>
  everything.filter((one) => {
    const [area = '', verb = '', track = ''] = one.split(' ');
    return matches(area, verb, track);
  });

const inTrack = (area: string) => area !== 'tenant';

describe('rights of administrators', () => {
  const rows: [string, ReturnType<typeof only>][] = [
    ['corsac:tenant', everything],
    ['corsac:tenant.read', only((_area, verb) => verb === 'read')],
    ['corsac:tenant.create', only((_area, verb) => verb === 'create')],
    ['corsac:tenant.update', only((_area, verb) => verb === 'update')],
    ['corsac:tenant.delete', only((_area, verb) => verb === 'delete')],
    ['corsac:master', []],
    ['corsac:master.read', []],
    ['corsac:tenant:track', only((area, verb, track) => inTrack(area) && track !== 'master')],
    ['corsac:tenant:track.read', only((area, verb, track) => verb === 'read' && inTrack(area) && track !== 'master')],
    [
      'corsac:tenant:track.delete',
      only((area, verb, track) => inTrack(area) && track !== 'master' && verb === 'delete'),
    ],
    ...['party', 'user', 'log', 'audit'].flatMap((limit): [string, string[]][] => [
      [`corsac:tenant:track:${limit}`, only((area, verb, track) => area === limit && track !== 'master')],
      [
        `corsac:tenant:track:${limit}.create`,
        only((area, verb, track) => area === limit && track !== 'master' && verb === 'create'),
      ],
      [`corsac:tenant:track[dev]:${limit}`, only((area, verb, track) => area === limit && track === 'dev')],
      [
        `corsac:tenant:track[dev]:${limit}.read`,
        only((area, verb, track) => area === limit && track === 'dev' && verb === 'read'),
      ],
    ]),
    ['corsac:tenant:track[dev]', only((area, verb, track) => inTrack(area) && track === 'dev')],
    [
      'corsac:tenant:track[dev].update',
      only((area, verb, track) => inTrack(area) && track === 'dev' && verb === 'update'),
    ],
    ['corsac:tenant:track[-]', only((area, verb, track) => inTrack(area) && track === '-')],
    ['corsac:tenant:track[master]', only((area, verb, track) => inTrack(area) && track === 'master')],
    [
      'corsac:tenant:track[master]:user.read',
      only((area, verb, track) => area === 'user' && track === 'master' && verb === 'read'),
    ],
  ];

  it.each(rows)('%s allows exactly what it names', (right, expected) => {
    expect(allowed([right])).toEqual(expected);
    // Being the tenant that administers the installation makes no right to a tenant wider.
    expect(allowed([right], true)).toEqual(expected);
  });

  it.each(verbs)('only corsac:master reaches the installation, and only in the tenant master: %s', (verb) => {
    const may = (text: string, tenant_is_master = true): boolean =>
      mayDo(readRights([text]), { tenant_is_master, area: 'installation', verb, track: 'master' });
    expect(may('corsac:master')).toBe(true);
    expect(may(`corsac:master.${verb}`)).toBe(true);
    for (const other of verbs.filter((one) => one !== verb)) expect(may(`corsac:master.${other}`)).toBe(false);
    expect(may('corsac:master', false)).toBe(false);
    for (const text of ['corsac:tenant', 'corsac:tenant:track', 'corsac:tenant:track[master]', 'corsac:master:user'])
      expect(may(text)).toBe(false);
  });

  it('adds up several rights, and one right that is enough is enough', () => {
    expect(allowed(['corsac:tenant.read', 'corsac:tenant:track[dev]:user.update', 'nonsense'])).toEqual(
      only((area, verb, track) => verb === 'read' || (area === 'user' && verb === 'update' && track === 'dev')),
    );
  });

  it('gives nothing for no rights', () => {
    expect(allowed([])).toEqual([]);
    expect(mayReadTrack(readRights([]), 'dev')).toBe(false);
  });
});

describe('what is no right gives none', () => {
  it.each([
    '',
    ' ',
    'corsac',
    'corsac:',
    'tenant',
    'admin',
    '*',
    'corsac:*',
    'corsac:tenant:*',
    'corsac:tenants',
    'corsac:tenant.',
    'corsac:tenant.write',
    'corsac:tenant.admin',
    'corsac:tenant.read.update',
    'corsac:tenant.read ',
    ' corsac:tenant',
    'corsac:tenant\n',
    'corsac:tenant\ncorsac:tenant',
    'corsac:tenant\u0000',
    'corsac:tenant corsac:master',
    'corsac:tenant,corsac:master',
    'Corsac:Tenant',
    'CORSAC:TENANT',
    'corsac:tenant.READ',
    'corsac:tenant:party',
    'corsac:tenant:user.read',
    'corsac:tenant:tracks',
    'corsac:tenant:track:',
    'corsac:tenant:track:track',
    'corsac:tenant:track:tenant',
    'corsac:tenant:track:installation',
    'corsac:tenant:track:party:user',
    'corsac:tenant:track:party.read.read',
    'corsac:tenant:track.read:party',
    'corsac:tenant:track[]',
    'corsac:tenant:track[*]',
    'corsac:tenant:track[dev',
    'corsac:tenant:trackdev]',
    'corsac:tenant:track[dev]]',
    'corsac:tenant:track[[dev]]',
    'corsac:tenant:track[dev][master]',
    'corsac:tenant:track[dev,master]',
    'corsac:tenant:track[DEV]',
    'corsac:tenant:track[dev ]',
    'corsac:tenant:track[dev].',
    'corsac:tenant:track[../master]',
    'corsac:tenant:track[.*]',
    `corsac:tenant:track[${'a'.repeat(51)}]`,
    'corsac:master:user',
    'corsac:master[acme]',
    'corsac_control_api.corsac:tenant',
    'foxids:tenant',
    'c\u043Ersac:tenant',
    'corsac:tenant\u200b',
    `corsac:tenant${'.read'.repeat(10_000)}`,
    `corsac:tenant:track[${'a'.repeat(1_000_000)}]`,
    '__proto__',
    'constructor',
  ])('%p', (text) => {
    expect(readRights([text])).toEqual([]);
  });

  it('takes a name of fifty characters, and every character of names', () => {
    for (const name of ['a'.repeat(50), '-', '_', 'a-b_c-9']) {
      const rights = readRights([`corsac:tenant:track[${name}]:audit.delete`]);
      expect(mayDo(rights, { tenant_is_master: false, area: 'audit', verb: 'delete', track: name })).toBe(true);
    }
  });

  it('tells a track from one whose name begins or ends the same', () => {
    const rights = readRights(['corsac:tenant:track[dev]']);
    for (const track of ['dev2', 'de', 'xdev', 'dev]', '', 'DEV'])
      expect(mayDo(rights, { tenant_is_master: false, area: 'party', verb: 'read', track })).toBe(false);
  });

  it('reads many texts in a moment', () => {
    const texts = Array.from({ length: 5_000 }, (_, at) => `corsac:tenant:track[t${at}]:party.read`);
    const begun = performance.now();
    expect(mayReadTrack(readRights(texts), 't4999')).toBe(true);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

describe('tracks that somebody may know of', () => {
  it.each([
    ['corsac:tenant', ['-', 'dev', 'master']],
    ['corsac:tenant.read', ['-', 'dev', 'master']],
    ['corsac:tenant.update', []],
    ['corsac:tenant:track', ['-', 'dev']],
    ['corsac:tenant:track:log.read', ['-', 'dev']],
    ['corsac:tenant:track:log.delete', []],
    ['corsac:tenant:track[dev]:audit', ['dev']],
    ['corsac:tenant:track[master].read', ['master']],
    ['corsac:master', []],
  ])('%s lets read something in %j', (right, seen) => {
    expect(tracks.filter((track) => mayReadTrack(readRights([right]), track))).toEqual(seen);
  });
});

describe('rights as scopes of the Control API', () => {
  it('are all rights that name no track', () => {
    expect(controlApiScopes).toHaveLength(35);
    expect(new Set(controlApiScopes).size).toBe(35);
    for (const scope of controlApiScopes) expect(readRights([scope])).toHaveLength(1);
  });

  it.each([
    ['openid corsac_control_api.corsac:tenant', ['corsac:tenant']],
    ['openid corsac_control_api:corsac:tenant', ['corsac:tenant']],
    [
      'corsac_control_api.corsac:tenant:track:user.read corsac_control_api:corsac:master.read',
      ['corsac:tenant:track:user.read', 'corsac:master.read'],
    ],
    ['openid profile corsac_control_api', []],
    ['corsac:tenant', []],
    ['other_api.corsac:tenant', []],
    ['corsac_control_apicorsac:tenant', []],
    ['xcorsac_control_api.corsac:tenant', []],
    ['corsac_control_api_2.corsac:tenant', []],
    ['', []],
  ])('%p allows %j', (scope, rights) => {
    expect(rightsInScope(scope)).toEqual(rights);
  });
});
