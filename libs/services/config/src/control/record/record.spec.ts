import {
  listJourneys,
  listLogoutJobs,
  readTrackKeys,
  rotateKeys,
  type Journey,
  type LogoutJob,
} from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { callerOf, FakeServices, refusedWith } from '../../fixtures/fake-services.js';
import { recordOperations } from './record-operations.js';

let services = new FakeServices();
const call = callerOf(
  recordOperations({
    bus: { ask: (...asked) => services.ask(...asked) },
    trackExists: async (_tenant, track) => track === '-',
  }),
);
beforeEach(() => {
  services = new FakeServices();
});

const expectMissingAndAway = async (what: string, body?: object): Promise<void> => {
  services = new FakeServices();
  expect(refusedWith(await call(what.replace('/-/', '/other/'), { body }))).toBe(404);
  expect(services.asked).toEqual([]);
  expect(refusedWith(await call(what, { body }))).toBe(503);
};

describe('Keys over the API', () => {
  const base = '/api/acme/-/keys';
  const jwk = { kty: 'RSA', n: 'n', e: 'AQAB', alg: 'RS256', use: 'sig', kid: 'k1' };
  const key = {
    kid: 'k1',
    alg: 'RS256',
    state: 'current' as const,
    jwk,
    certificate: 'MII',
    created: 1,
    current_from: 1,
  };
  const next = { kid: 'k2', alg: 'RS256', state: 'current' as const, jwk: { ...jwk, kid: 'k2' }, created: 2 };
  beforeEach(() => {
    let keys: { state: 'current' | 'previous' }[] = [key];
    services
      .on(readTrackKeys, () => ok({ keys: keys.map((each) => ({ ...key, ...each, jwk: { ...jwk, d: 'private' } })) }))
      .on(rotateKeys, () => {
        keys = [{ ...key, state: 'previous' }, next];
        return ok({ rotated: [{ alg: 'RS256', kid: 'k2' }] });
      });
  });

  it('are shown by their public halves only', async () => {
    expect(await call(`GET ${base}`)).toEqual(ok({ body: { items: [key] } }));
  });

  it('are rotated on command, and which key is what before and after is told', async () => {
    const body = { alg: 'RS256', at_once: true };
    const changed = [
      {
        target: 'signing keys',
        before: { 'RS256 k1': 'current' },
        after: { 'RS256 k1': 'previous', 'RS256 k2': 'current' },
      },
    ];
    const rotated = [{ alg: 'RS256', kid: 'k2' }];
    expect(await call(`POST ${base}/rotate`, { body })).toEqual(ok({ status: 200, body: { rotated }, changed }));
    expect(services.lastOf(rotateKeys)).toEqual({ tenant: 'acme', track: '-', ...body });
  });

  it('are rotated though they cannot be read again, and what is known is told', async () => {
    services.on(rotateKeys, () => {
      services.isAway(readTrackKeys);
      return ok({ rotated: [{ alg: 'RS256', kid: 'k2' }] });
    });
    const answered = await call(`POST ${base}/rotate`, { body: { at_once: false } });
    expect(answered).toMatchObject({
      ok: true,
      value: { changed: [{ after: { 'RS256 k1': 'current', 'RS256 k2': 'next' } }] },
    });
  });

  it.each<[object | undefined, string]>([
    [undefined, ''],
    [{}, 'at_once'],
    [{ at_once: 'yes' }, 'at_once'],
    [{ at_once: true, alg: 'HS256' }, 'alg'],
    [{ at_once: true, alg: 'ES256' }, 'alg'],
    [{ at_once: true, kid: 'k1' }, 'kid'],
  ])('are not rotated by %j, and the field is named', async (body, field) => {
    expect(refusedWith(await call(`POST ${base}/rotate`, { body }))).toEqual([422, field]);
    expect(services.lastOf(rotateKeys)).toBeUndefined();
  });

  it('of a new track are not there yet, and of one that goes no more', async () => {
    services.on(readTrackKeys, () => fail({ refusal: 'key_not_ready' }));
    expect(await call(`GET ${base}`)).toMatchObject({ error: { status: 503, detail: /being made/ as unknown } });
    services.on(readTrackKeys, () => fail({ refusal: 'unknown_track' }));
    expect(refusedWith(await call(`GET ${base}`))).toBe(404);
  });

  it('may have been rotated by a command that was not answered, and that is said', async () => {
    services.isAway(rotateKeys);
    expect(await call(`POST ${base}/rotate`, { body: { at_once: true } })).toMatchObject({
      error: { status: 503, title: 'It is not known whether the keys were rotated.' },
    });
    services.on(rotateKeys, () => fail({ refusal: 'unknown_track' }));
    expect(refusedWith(await call(`POST ${base}/rotate`, { body: { at_once: true } }))).toBe(404);
  });

  it('are 404 without the track, and 503 without the token service', async () => {
    await expectMissingAndAway(`GET ${base}`);
    await expectMissingAndAway(`POST ${base}/rotate`, { at_once: true });
  });
});

describe('Journeys over the API', () => {
  const base = '/api/acme/-/journeys';
  const event = (track: string) => ({ at_ms: 5, track, kind: 'page.shown', outcome: 'waiting' as const });
  const kept: Journey = {
    sequence_id: 'q1',
    tenant: 'acme',
    track: '-',
    kind: 'login',
    started_ms: 5,
    outcome: 'running',
    events: [event('-'), event('partner')],
  };
  const { tenant: _tenant, ...shown } = kept;
  beforeEach(() => {
    services.on(listJourneys, ({ sequence_id, limit }) => {
      const journeys = sequence_id === undefined || sequence_id === 'q1' ? [kept] : [];
      return ok({ journeys, ...(limit === 1 && { more: '5.q1' }) });
    });
  });

  it('are listed page by page, and shown one by one', async () => {
    const listed = await call(`GET ${base}?limit=1&cursor=9.q0~x&before_ms=10`);
    expect(listed).toEqual(ok({ body: { items: [shown], next: '5.q1' } }));
    const asked = { tenant: 'acme', track: '-', limit: 1, after: '9.q0~x', before_ms: 10 };
    expect(services.lastOf(listJourneys)).toEqual(asked);
    expect(await call(`GET ${base}/q1`)).toEqual(ok({ body: shown }));
  });

  it('are shown as far as the rights to read logs reach', async () => {
    const scopes = ['corsac:tenant:track[-]:log.read'];
    const narrow = { ...shown, events: [event('-')], elsewhere: 1 };
    expect(await call(`GET ${base}/q1`, { admin: { scopes } })).toEqual(ok({ body: narrow }));
    expect(await call(`GET ${base}`, { admin: { roles: scopes } })).toEqual(ok({ body: { items: [narrow] } }));
  });

  it('that are not there are 404, and no other query is understood', async () => {
    expect(refusedWith(await call(`GET ${base}/q2`))).toBe(404);
    expect(refusedWith(await call(`GET ${base}/%00`))).toBe(404);
    expect(refusedWith(await call(`GET ${base}?cursor=q1`))).toEqual([400, 'cursor']);
    expect(refusedWith(await call(`GET ${base}?before_ms=now`))).toEqual([400, 'before_ms']);
    expect(refusedWith(await call(`GET ${base}?outcome=failed`))).toEqual([400, 'outcome']);
  });

  it('are 404 without the track, and 503 without the authorize service', async () => {
    await expectMissingAndAway(`GET ${base}`);
    await expectMissingAndAway(`GET ${base}/q1`);
  });
});

describe('Logout jobs over the API', () => {
  const base = '/api/acme/-/logout_jobs';
  const receipt = {
    receipt_id: 'r1',
    party: 'shop',
    channel: 'back' as const,
    state: 'told' as const,
    attempts: 1,
    updated: 6,
  };
  const kept: LogoutJob = {
    job_id: 'j1',
    tenant: 'acme',
    track: 'partner',
    cause: 'administrator',
    created: 5,
    sessions: [
      { track: 'partner', sid: 's1', sub: 'ada' },
      { track: '-', sid: 's2', sub: 'ada' },
    ],
    receipts: [
      { ...receipt, track: 'partner' },
      { ...receipt, track: '-' },
    ],
  };
  const { tenant: _tenant, ...shown } = kept;
  beforeEach(() => {
    services.on(listLogoutJobs, ({ limit }) => ok({ jobs: [kept], ...(limit === 1 && { more: '5.j1' }) }));
  });

  it('are listed page by page', async () => {
    expect(await call(`GET ${base}?limit=1&cursor=9.j0`)).toEqual(ok({ body: { items: [shown], next: '5.j1' } }));
    expect(services.lastOf(listLogoutJobs)).toEqual({ tenant: 'acme', track: '-', limit: 1, after: '9.j0' });
  });

  it('are shown as far as the rights to read logs reach', async () => {
    const listed = await call(`GET ${base}`, { admin: { roles: ['corsac:tenant:track[-]'] } });
    const narrow = { ...shown, sessions: [shown.sessions[1]], receipts: [shown.receipts[1]], elsewhere: 2 };
    expect(listed).toEqual(ok({ body: { items: [narrow] } }));
  });

  it('are found by no other query, 404 without the track, and 503 without the session service', async () => {
    expect(refusedWith(await call(`GET ${base}?cursor=j1`))).toEqual([400, 'cursor']);
    expect(refusedWith(await call(`GET ${base}?limit=many`))).toEqual([400, 'limit']);
    await expectMissingAndAway(`GET ${base}`);
  });
});
