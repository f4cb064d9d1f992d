import {
  declarativeJsonSchema,
  escapeReferences,
  formatFileProblem,
  parseDeclarative,
  readDeclarative,
  referencesIn,
  substitute,
  type ParseOptions,
} from '../index.js';

const lines = (...text: string[]): string => text.join('\n');

const read = (texts: string | string[], options?: ParseOptions) =>
  parseDeclarative(
    [texts].flat().map((text, index) => ({ file: `${index + 1}.yaml`, text })),
    options,
  );

const told = (texts: string | string[], options?: ParseOptions): string[] => {
  const outcome = read(texts, options);
  return outcome.ok
    ? []
    : outcome.error.map(({ file, line, column, field, message }) => `${file}:${line}:${column} ${field}: ${message}`);
};

const track = lines('tenant: acme', 'track: "-"', 'up_parties:', '  - name: login', '    type: login');

describe('Declarative files', () => {
  it('are put together by tenant and track from many documents', () => {
    const outcome = read([
      lines(
        'tenants:',
        '  - name: acme',
        '    display_name: Acme',
        '    tracks:',
        '      - name: "-"',
        '        up_parties: [{name: login, type: login}]',
      ),
      lines(
        'tenant: acme',
        'track: "-"',
        'down_parties:',
        '  - {name: api, type: oauth2, resource: {scopes: [read]}}',
        '---',
        'tenant: other',
        'track: x',
      ),
    ]);
    expect(outcome).toMatchObject({
      value: {
        tenants: [
          {
            name: 'acme',
            display_name: 'Acme',
            tracks: [{ name: '-', up_parties: [{ name: 'login' }], down_parties: [{ name: 'api' }] }],
          },
          { name: 'other', tracks: [{ name: 'x', up_parties: [] }] },
        ],
      },
    });
  });

  it('are complete after reading', () => {
    expect(read(track)).toMatchObject({
      value: {
        tenants: [
          {
            tracks: [{ settings: { sequence_lifetime: 7200 }, up_parties: [{ session_lifetime: 36_000 }], users: [] }],
          },
        ],
      },
    });
  });

  it('can be read a track at a time, with the same outcome', () => {
    const many = (type: string) => ({
      file: 'many.yaml',
      text: JSON.stringify({
        tenants: [
          {
            name: 'acme',
            tracks: Array.from({ length: 50 }, (_v, at) => ({ name: `t${at}`, up_parties: [{ name: 'login', type }] })),
          },
        ],
      }),
    });
    for (const type of ['login', 'ldap']) {
      const steps = readDeclarative([many(type)]);
      let taken = 0;
      let step = steps.next();
      for (; !step.done; step = steps.next()) taken += 1;
      expect(taken).toBeGreaterThan(50);
      expect(step.value).toEqual(parseDeclarative([many(type)]));
      expect(step.value.ok ? step.value.value.tenants[0]?.tracks : step.value.error).toHaveLength(50);
    }
  });

  it('are read a document at a time, too', () => {
    const documents = Array.from({ length: 50 }, (_v, at) => track.replace('"-"', `"t${at}"`));
    const steps = readDeclarative([{ file: 'many.yaml', text: documents.join('\n---\n') }]);
    let taken = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) taken += 1;
    expect(taken).toBeGreaterThan(100);
    expect(step.value.ok && step.value.value.tenants[0]?.tracks).toHaveLength(50);
  });

  it('may be empty', () => {
    expect(read(['', '# nothing', '---', 'tenants: []'])).toEqual({ ok: true, value: { tenants: [] } });
  });

  it.each<[string, string, string[]]>([
    [
      'an unknown setting at its key',
      lines(track, '    titel: x'),
      ['1.yaml:6:5 up_parties[0].titel: is not a known setting'],
    ],
    [
      'a value that does not fit at its key',
      lines(track, '    session_lifetime: long'),
      [expect.stringMatching(/^1\.yaml:6:5 up_parties\[0\]\.session_lifetime: .*number/) as unknown as string],
    ],
    [
      'a missing setting at what lacks it',
      lines('tenant: acme', 'track: "-"', 'up_parties:', '  - name: op', '    type: oidc', '    client_secret: s'),
      ['1.yaml:4:5 up_parties[0].authority: is required unless update_state is manual'],
    ],
    [
      'an unknown up-party at the entry',
      lines(
        track,
        'down_parties:',
        '  - name: app',
        '    type: saml2',
        '    issuer: urn:a',
        '    acs_urls: [https://a.example/acs]',
        '    allow_up_parties: [login, nope]',
      ),
      ['1.yaml:11:31 down_parties[0].allow_up_parties[1]: there is no up-party nope'],
    ],
    [
      'a kind that does not exist',
      lines('tenant: acme', 'track: "-"', 'up_parties:', '  - name: x', '    type: ldap'),
      [expect.stringMatching(/^1\.yaml:5:5 up_parties\[0\]\.type: /) as unknown as string],
    ],
    ['an unknown part of a document', lines(track, 'parties: []'), ['1.yaml:6:1 parties: is not a known setting']],
    [
      'an unknown document',
      'foo: 1',
      [expect.stringContaining('1.yaml:1:1 tenants: ') as unknown as string, '1.yaml:1:1 foo: is not a known setting'],
    ],
    ['a text for a document', 'hello', [expect.stringContaining('1.yaml:1:1 : ') as unknown as string]],
    [
      'a reserved name',
      lines('tenant: api', 'track: x'),
      [expect.stringContaining('1.yaml:1:1 tenant: must not be a reserved word') as unknown as string],
    ],
    [
      'settings that do not fit',
      lines('tenant: acme', 'track: x', 'settings:', '  sequence_lifetime: 1'),
      [expect.stringContaining('1.yaml:4:3 settings.sequence_lifetime') as unknown as string],
    ],
    [
      'a user that does not fit',
      lines('tenant: acme', 'track: x', 'users:', '  - email: a@b.dk', '    claims: { sub: x }'),
      [expect.stringContaining('1.yaml:5:15 users[0].claims.sub: is not set here') as unknown as string],
    ],
    ['text that is not YAML', 'tenants: [', [expect.stringContaining('1.yaml:1:') as unknown as string]],
    [
      'a key twice',
      lines('tenant: acme', 'track: x', 'track: y'),
      [expect.stringContaining('1.yaml:3:1') as unknown as string],
    ],
  ])('tell %s with file, line and column', (_title, text, problems) => {
    expect(told(text)).toEqual(problems);
  });

  it('tell a party that is there twice where it is the second time', () => {
    expect(told([track, track])).toEqual(['2.yaml:4:5 up_parties[0].name: login is there twice']);
  });

  it('tell settings and texts that two places set', () => {
    const settings = lines('tenant: acme', 'track: x', 'display_name: X', 'settings: {}');
    expect(told([settings, settings.replace('X', 'Y')])).toEqual([
      '2.yaml:3:1 display_name: is set to something else in another place',
      '2.yaml:4:1 settings: of track x are set in another place too',
    ]);
    expect(told([settings, lines('tenant: acme', 'track: x', 'display_name: X')])).toEqual([]);
  });

  it('tell every problem at once, but look at the whole only when its parts are readable', () => {
    const text = lines(
      track,
      '    titel: x',
      'down_parties:',
      '  - {name: A, type: oauth2}',
      '  - {name: b, type: track_link}',
    );
    expect(told(text).map((each) => each.split(': ')[0])).toEqual([
      '1.yaml:6:5 up_parties[0].titel',
      '1.yaml:8:6 down_parties[0].name',
      '1.yaml:9:5 down_parties[1].to_up_track_name',
      '1.yaml:9:5 down_parties[1].to_up_party_name',
    ]);
  });

  it('tell a problem of a whole track at the track', () => {
    const many = Array.from({ length: 1001 }, (_v, index) => `  - {name: p${index}, type: login}`);
    expect(told(lines('tenant: acme', 'track: x', 'up_parties:', ...many))).toEqual([
      '1.yaml:1:1 : must be at most 1000',
    ]);
  });

  it('do not grow by aliases', () => {
    const bomb = lines(
      'a: &a [x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
    );
    expect(told(bomb)).toEqual([expect.stringContaining('alias')]);
  });

  it.each([
    ['shallow enough to parse', `a: ${'['.repeat(100)}${']'.repeat(100)}`],
    ['deep enough to exhaust the parser', '['.repeat(100_000)],
    ['of blocks', Array.from({ length: 3000 }, (_v, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('tell a nesting that is too deep: %s', (_title, text) => {
    expect(told(text)[0]).toMatch(/^1\.yaml:\d+:\d+ : /);
  });

  it('write a problem as editors link it', () => {
    const outcome = read(lines(track, '    titel: x'));
    expect(outcome.ok ? '' : formatFileProblem(outcome.error[0]!)).toBe(
      '1.yaml:6:5 up_parties[0].titel is not a known setting (Remove it or correct its spelling.)',
    );
    expect(formatFileProblem({ file: 'a', line: 1, column: 2, field: '', message: 'is odd' })).toBe('a:1:2 is odd');
  });
});

describe('Names of the environment in files', () => {
  it('are replaced in every text, whole or in part', () => {
    const env = { HOST: 'shop.example.com', SECRET: 's' };
    expect(substitute({ a: ['https://${HOST}/cb'], b: { c: '${SECRET}' }, d: 1, e: null }, env)).toEqual({
      value: { a: ['https://shop.example.com/cb'], b: { c: 's' }, d: 1, e: null },
      problems: [],
    });
  });

  it('cannot add settings, because they are filled in after reading', () => {
    const outcome = read(lines(track, '    title: ${TITLE}'), { env: { TITLE: 'x\nenable_create_user: false' } });
    expect(outcome).toMatchObject({
      value: {
        tenants: [{ tracks: [{ up_parties: [{ title: 'x\nenable_create_user: false', enable_create_user: true }] }] }],
      },
    });
  });

  it('are told by name and line when they are missing', () => {
    expect(told(lines(track, '    title: ${TITLE}'))).toEqual([
      '1.yaml:6:5 up_parties[0].title: the environment has no TITLE',
    ]);
    expect(told(lines(track, '    title: ${toString}'))).toEqual([expect.stringContaining('has no toString')]);
    expect(told(lines(track, '    title: ${}'))).toEqual([expect.stringContaining('has no ')]);
  });

  it('are left alone when doubled, and an empty one is a value', () => {
    expect(substitute('$${A} ${B}$', { A: 'x', B: '' }).value).toBe('${A} $');
  });

  it('are named without being replaced, as they would be', () => {
    const value = { a: ['${A} $${B} ${C}${A}', 1, null, { '${KEY}': '$${A}${D}' }], b: '${not one} ${}' };
    expect(referencesIn(value)).toEqual(['A', 'C', 'D']);
    expect(substitute(value.a, { A: '', C: '', D: '' }).problems).toEqual([]);
  });

  it.each(['${A}', '$${A}', '$$${A}', '${a${A}', 'x${', '}${A}}', '$', '${A}${B}', '^(?<map>.*)\\.${x}$'])(
    'mean nothing in %s once it is escaped',
    (text) => {
      expect(substitute(escapeReferences({ a: [text, 1, null] }), {})).toEqual({
        value: { a: [text, 1, null] },
        problems: [],
      });
    },
  );
});

describe('Settings that are not available yet', () => {
  const notYet = new Map([
    ['down_parties.dpop_bound_access_tokens', 'DPoP'],
    ['up_parties.binding_style=dots', 'that style'],
    ['settings.mail', 'mail'],
    ['users.require_multi_factor', 'second factors'],
  ]);
  const api = (setting: string) =>
    lines('tenant: acme', 'track: x', 'down_parties:', `  - {name: a, type: oauth2, resource: {}, ${setting}}`);

  it('are refused by name where they are switched on', () => {
    expect(told(api('dpop_bound_access_tokens: true'), { notYet })).toEqual([
      '1.yaml:4:43 down_parties[0].dpop_bound_access_tokens: is not available yet: DPoP',
    ]);
    expect(told(lines(track, '    binding_style: dots'), { notYet })).toEqual([expect.stringContaining('that style')]);
    expect(
      told(lines('tenant: acme', 'track: x', 'settings: { mail: { from_email: a@b.dk, smtp_host: h } }'), { notYet }),
    ).toEqual([expect.stringContaining('mail')]);
    expect(
      told(lines('tenant: acme', 'track: x', 'users: [{ email: a@b.dk, require_multi_factor: true }]'), { notYet }),
    ).toHaveLength(1);
  });

  it('are taken where they are switched off or have another value', () => {
    expect(told(api('dpop_bound_access_tokens: false'), { notYet })).toEqual([]);
    expect(told(lines(track, '    binding_style: tildes'), { notYet })).toEqual([]);
  });
});

describe('JSON Schema of declarative files', () => {
  const schema = declarativeJsonSchema();
  const text = JSON.stringify(schema);

  it('is one of draft 2020-12 with both kinds of documents', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.anyOf).toHaveLength(2);
  });

  it('knows every kind of party and refuses unknown settings', () => {
    for (const kind of ['login', 'oidc', 'oauth2', 'saml2', 'track_link']) expect(text).toContain(`"const":"${kind}"`);
    expect(text).toContain('"additionalProperties":false');
  });

  it('does not ask for settings that have a default', () => {
    expect(text).not.toMatch(/"required":\[[^\]]*"session_lifetime"/);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(text)).toEqual(schema);
  });
});
