import { readFileSync } from 'node:fs';
import { credentialsPath } from '../access/credentials-file.js';
import { base, FakeMachine, metadataOf, type Answered, type Asked } from '../fixtures/fake-machine.js';
import { run } from '../run.js';
import { scopesFor } from './login.js';

const begun = {
  device_code: 'the-device-code',
  user_code: 'BCDF-GHJK',
  verification_uri: `${base}/acme/master/device`,
  verification_uri_complete: `${base}/acme/master/device?user_code=BCDF-GHJK`,
  expires_in: 600,
  interval: 5,
};

/** An installation that lets everybody in at their second poll, and knows which access token is good. */
const installation = () => {
  let polls = 0;
  const state = { good: 'access-1', revoked: '' };
  const token = ({ body }: Asked): Answered => {
    const grant = new URLSearchParams(body).get('grant_type');
    if (grant === 'refresh_token') state.good = 'access-2';
    else if (polls++ === 0) return { status: 400, json: { error: 'authorization_pending' } };
    const refresh_token = grant === 'refresh_token' ? 'refresh-2' : 'refresh-1';
    return { json: { access_token: state.good, token_type: 'Bearer', expires_in: 300, refresh_token } };
  };
  const machine = new FakeMachine((asked) => {
    const { url, headers, body } = asked;
    if (url.endsWith('/openid-configuration')) return { json: metadataOf('acme', 'corsac_control') };
    if (url.endsWith('/device_authorization')) return { json: begun };
    if (url.endsWith('/token')) return token(asked);
    if (url.endsWith('/revoke')) return { ...((state.revoked = body), {}) };
    const good = headers.get('authorization') === `Bearer ${state.good}`;
    return good
      ? { json: { tracks: { items: [{ name: '-' }] } } }
      : { status: 401, json: { title: 'Nobody is signed in.' } };
  });
  return { machine, state };
};

const login = ['login', '--url', `${base}/`, '--tenant', 'acme'];
const secrets = /access-\d|refresh-\d|the-device-code/;

describe('corsac login and logout', () => {
  it('ask for what administrators may', () => {
    expect(scopesFor('acme')).toBe('offline_access corsac_control_api.corsac:tenant');
    expect(scopesFor('master')).toBe(`${scopesFor('acme')} corsac_control_api.corsac:master`);
  });

  it('sign in by a code for the browser, keep the tokens, and say no secret', async () => {
    const { machine } = installation();
    expect(await run(machine, login)).toBe(0);
    expect(machine.stdout).toContain(`Open ${base}/acme/master/device in a browser and type the code BCDF-GHJK.`);
    expect(machine.stdout).toContain(`Signed in at ${base}, tenant acme.`);
    expect(machine.stdout + machine.stderr).not.toMatch(secrets);
    const kept: unknown = JSON.parse(readFileSync(credentialsPath(machine), 'utf8'));
    expect(kept).toMatchObject({ logins: [{ url: base, tenant: 'acme', refresh_token: 'refresh-1' }] });
    expect(await run(machine, ['track', 'list'])).toBe(0);
  });

  it('keep standard output for machines with --json', async () => {
    const { machine } = installation();
    expect(await run(machine, [...login, '--json'])).toBe(0);
    expect(JSON.parse(machine.stdout)).toEqual({ url: base, tenant: 'acme' });
    expect(machine.stderr).toContain('BCDF-GHJK');
  });

  it('renew a token once that is not accepted any more', async () => {
    const { machine, state } = installation();
    await run(machine, login);
    state.good = 'another key signs now';
    expect(await run(machine, ['track', 'list'])).toBe(0);
    const renewals = machine.asked.filter(({ body }) => body.includes('grant_type=refresh_token'));
    expect(renewals).toHaveLength(1);
  });

  it('count only where they were made', async () => {
    const { machine } = installation();
    await run(machine, login);
    machine.asked.length = 0;
    expect(await run(machine, ['track', 'list', '--tenant', 'other'])).toBe(1);
    expect(machine.asked).toEqual([]);
  });

  it('revoke the refresh token and forget it', async () => {
    const { machine, state } = installation();
    await run(machine, login);
    expect(await run(machine, ['logout'])).toBe(0);
    expect(Object.fromEntries(new URLSearchParams(state.revoked))).toEqual({
      token: 'refresh-1',
      client_id: 'corsac_control',
    });
    expect(readFileSync(credentialsPath(machine), 'utf8')).not.toMatch(secrets);
    expect(await run(machine, ['track', 'list'])).toBe(1);
    expect(machine.stderr).toContain('nobody is signed in');
    expect(await run(machine, ['logout'])).toBe(1);
    expect(machine.stdout + machine.stderr).not.toMatch(secrets);
  });

  it('forget the login also when the server is away, and say so', async () => {
    const { machine } = installation();
    await run(machine, login);
    const gone = new FakeMachine();
    Object.assign(gone, { home: machine.home });
    expect(await run(gone, ['logout'])).toBe(1);
    expect(gone.stderr).toContain('the login is forgotten here, but the server was not told');
    expect(readFileSync(credentialsPath(machine), 'utf8')).not.toMatch(secrets);
  });

  it('are refused where tokens would go in the clear', async () => {
    const { machine } = installation();
    expect(await run(machine, ['login', '--url', 'http://id.example.com', '--tenant', 'acme'])).toBe(2);
    expect(machine.asked).toEqual([]);
  });
});
