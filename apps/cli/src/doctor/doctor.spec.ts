import { base, beginMs, FakeMachine, type Answered, type Asked } from '../fixtures/fake-machine.js';
import { run } from '../run.js';
import type { Finding } from './finding.js';

const issuer = `${base}/acme/-`;
const metadata = {
  issuer,
  jwks_uri: `${issuer}/.well-known/openid-configuration/keys`,
  id_token_signing_alg_values_supported: ['RS256', 'ES256'],
};
const keys = { keys: [{ alg: 'RS256', use: 'sig' }, { alg: 'ES256' }] };
const signing = {
  items: [
    { kid: 'a', alg: 'RS256', state: 'current' },
    { kid: 'b', alg: 'RS256', state: 'next' },
    { kid: 'c', alg: 'PS256', state: 'retired' },
  ],
};

const healthy: Readonly<Record<string, Answered>> = {
  '/api/openapi.json': {
    json: { openapi: '3.1.0', servers: [{ url: base }] },
    headers: { date: new Date(beginMs).toUTCString(), 'strict-transport-security': 'max-age=31536000' },
  },
  '/acme/-/.well-known/openid-configuration': { json: metadata },
  '/acme/-/.well-known/openid-configuration/keys': { json: keys },
  '/api/acme/-/keys': { json: signing },
};

const look = async (
  changed: Readonly<Record<string, Answered>> = {},
  {
    token = true,
    certificate,
    at = base,
  }: { token?: boolean; certificate?: FakeMachine['certificate']; at?: string } = {},
) => {
  const answers: Readonly<Record<string, Answered>> = { ...healthy, ...changed };
  const machine = new FakeMachine(({ url }: Asked) => answers[url.slice(at.length)] ?? { status: 404 });
  if (token) machine.env['CORSAC_TOKEN'] = 'the-token';
  if (certificate) machine.certificate = certificate;
  const exit = await run(machine, ['doctor', '--json', '--url', at, '--tenant', 'acme', '--track', '-']);
  if (machine.stderr) throw new Error(machine.stderr);
  const { findings } = JSON.parse(machine.stdout) as { findings: Finding[] };
  return { exit, findings, of: (check: string) => findings.find((one) => one.check === check), machine };
};

describe('the doctor', () => {
  it('finds nothing in a healthy installation', async () => {
    const { exit, findings } = await look();
    expect(findings.map(({ check, state }) => `${check}: ${state}`)).toEqual([
      'address: ok',
      'control API: ok',
      'clock: ok',
      'HSTS: ok',
      'certificate: ok',
      'discovery: ok',
      'key set: ok',
      'signing keys: ok',
    ]);
    expect(exit).toBe(0);
  });

  const description = (more: Answered): Record<string, Answered> => ({
    '/api/openapi.json': { ...healthy['/api/openapi.json'], ...more },
  });
  const dated = (seconds: number, more: Record<string, string> = {}) =>
    description({ headers: { date: new Date(beginMs + seconds * 1000).toUTCString(), ...more } });

  it.each<[string, string, Record<string, Answered>, Partial<Finding>]>([
    [
      'address',
      'nothing listens',
      description({ fault: 'ECONNREFUSED' }),
      { cause: `${base} is not reached: nothing listens there.` },
    ],
    [
      'address',
      'the name is unknown',
      description({ fault: 'ENOTFOUND' }),
      { mend: 'Check the spelling of the address, and the DNS.' },
    ],
    [
      'address',
      'the certificate has expired',
      description({ fault: 'CERT_HAS_EXPIRED' }),
      { mend: 'Renew the certificate.' },
    ],
    [
      'control API',
      'something else answers',
      description({ status: 502 }),
      { told: `${base}/api/openapi.json answers 502 and is no description` },
    ],
    [
      'control API',
      'it has another address',
      description({ json: { openapi: '3.1.0', servers: [{ url: 'http://in' }] } }),
      { told: 'it calls itself http://in' },
    ],
    ['clock', 'the server is ahead', dated(8), { told: 'the server is 8.5 s ahead of this machine' }],
    ['clock', 'the server is behind', dated(-30), { told: 'the server is 29.5 s behind this machine' }],
    [
      'discovery',
      'there is no such track',
      { '/acme/-/.well-known/openid-configuration': { status: 404 } },
      { mend: 'Check the names; corsac track list shows them.' },
    ],
    [
      'discovery',
      'the issuer is another',
      { '/acme/-/.well-known/openid-configuration': { json: { ...metadata, issuer: 'http://in/acme/-' } } },
      { told: `the issuer is http://in/acme/-, and the address ${issuer}` },
    ],
    [
      'discovery',
      'it is no metadata',
      { '/acme/-/.well-known/openid-configuration': { json: {} } },
      { cause: 'The token service is not behind this address, or not ready.' },
    ],
    [
      'key set',
      'an algorithm has no key',
      { '/acme/-/.well-known/openid-configuration/keys': { json: { keys: [{ alg: 'RS256' }] } } },
      { told: 'it has no key for ES256' },
    ],
    [
      'key set',
      'a key is for something else',
      {
        '/acme/-/.well-known/openid-configuration/keys': {
          json: { keys: [{ alg: 'RS256' }, { alg: 'ES256', use: 'enc' }] },
        },
      },
      { told: 'it has no key for ES256' },
    ],
    [
      'key set',
      'it is not there',
      { '/acme/-/.well-known/openid-configuration/keys': { status: 503 } },
      { mend: 'Try again in a minute; then look at the log of the token service.' },
    ],
    ['signing keys', 'none signs', { '/api/acme/-/keys': { json: { items: [] } } }, { told: 'none signs' }],
    [
      'signing keys',
      'one has only a next one',
      { '/api/acme/-/keys': { json: { items: [...signing.items, { kid: 'd', alg: 'ES256', state: 'next' }] } } },
      { told: 'none signs for ES256' },
    ],
    [
      'signing keys',
      'nobody can say',
      { '/api/acme/-/keys': { status: 503, json: { title: 'Not available for the moment.' } } },
      { cause: 'Not available for the moment' },
    ],
  ])('finds at %s that %s', async (check, _what, changed, finding) => {
    const { exit, of } = await look(changed);
    expect(of(check)).toMatchObject({ state: 'problem', ...finding });
    expect(of(check)?.cause).toMatch(/\S/);
    expect(exit).toBe(1);
  });

  it('takes a clock for right that is five seconds apart, and counts what a cache adds', async () => {
    expect((await look(dated(4))).of('clock')?.state).toBe('ok');
    expect((await look(dated(-600, { age: '600' }))).of('clock')?.state).toBe('ok');
    expect((await look(description({ headers: {} }))).of('clock')?.state).toBe('skipped');
  });

  it.each<[string, Record<string, string>]>([
    ['is missing', {}],
    ['is switched off', { 'strict-transport-security': 'max-age=0' }],
  ])('warns when HSTS %s, which is no problem', async (_what, headers) => {
    const { of, exit } = await look(dated(0, headers));
    expect([of('HSTS')?.state, exit]).toEqual(['warning', 0]);
  });

  it.each<[string, FakeMachine['certificate'], string]>([
    ['ends soon', async () => ({ ends_ms: beginMs + 13.9 * 86_400_000 }), 'it ends in 13 days'],
    ['has ended', async () => ({ ends_ms: beginMs - 1000, fault: 'CERT_HAS_EXPIRED' }), 'it has expired'],
    [
      'counts nowhere',
      async () => ({ ends_ms: beginMs + 9e9, fault: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'it does not count here',
    ],
    [
      'is not there',
      () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNRESET' })),
      'there is no TLS connection',
    ],
  ])('finds a certificate that %s', async (_what, certificate, told) => {
    const { of, exit } = await look({}, { certificate });
    expect(of('certificate')).toMatchObject({ state: 'problem', told, mend: expect.any(String) as string });
    expect(exit).toBe(1);
  });

  it('looks at no certificate and no HSTS where http is spoken', async () => {
    const at = 'http://localhost:4400';
    const { of } = await look({}, { at, token: false });
    expect([of('certificate')?.state, of('HSTS')?.state]).toEqual(['skipped', 'skipped']);
  });

  it('needs no token, and sends none but to the Control API', async () => {
    const without = await look({}, { token: false });
    expect([without.of('signing keys')?.state, without.exit]).toEqual(['skipped', 0]);
    const { machine } = await look();
    const carrying = machine.asked.filter(({ headers }) => headers.has('authorization'));
    expect(carrying.map(({ url }) => url)).toEqual([`${base}/api/acme/-/keys`]);
  });

  it.each([401, 403])('skips the signing keys with a token that is answered %i', async (status) => {
    const title = status === 401 ? 'Nobody is signed in.' : 'You have no right to do this.';
    const { of, exit } = await look({ '/api/acme/-/keys': { status, json: { title } } });
    expect([of('signing keys')?.state, exit]).toEqual(['skipped', 0]);
  });

  it('tells people the cause and what to do', async () => {
    const machine = new FakeMachine();
    expect(await run(machine, ['doctor', '--url', base])).toBe(1);
    expect(machine.stdout).toBe(
      [
        `problem  address: ${base} does not answer`,
        `         cause: ${base} is not reached: nothing listens there.`,
        '         mend:  Check the port, and that Corsac runs.',
        'ok       certificate: good for 90 days',
        '',
      ].join('\n'),
    );
  });
});
