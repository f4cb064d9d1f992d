import { endGrants, listGrants, listLocks, removeLock, type Lock } from '@corsac/contracts';
import { defaultTrackSettings } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { callerOf, FakeServices, refusedWith } from '../../fixtures/fake-services.js';
import { peopleOperations } from './people-operations.js';

const services = { current: new FakeServices() };
const call = callerOf(
  peopleOperations({
    bus: { ask: (...asked) => services.current.ask(...asked) },
    trackExists: async (_tenant, track) => track === '-',
    readTrack: async () => ({ settings: defaultTrackSettings, up_parties: [] }),
    secrets: () => ({ user: async () => Promise.reject(new Error('there is no password')) }),
    newId: () => 'made',
    base_url: 'https://identity.example.com',
  }),
);
const expectAsked = () => expect(services.current.asked.map(({ subject }) => subject));
beforeEach(() => {
  services.current = new FakeServices();
});

describe('Refresh grants over the API', () => {
  const base = '/api/acme/-/grants';
  const grant = (grant_id: string) => ({
    grant_id,
    client_id: 'shop',
    sub: 'ada',
    sid: 's1',
    scope: 'openid offline_access',
    created: 1,
    expires: 9,
  });
  beforeEach(() => {
    services.current
      .on(listGrants, ({ grant_id, limit }) => {
        // One of an older version knows no `grant_id`, and a careless one tells too much.
        const found = ['g1', 'g2', 'g3'].slice(0, grant_id === 'old' ? 1 : limit);
        const grants = (grant_id === 'g2' ? ['g2'] : found).map((id) => ({ ...grant(id), refresh_token: 'a token' }));
        return ok({ grants, ...(limit === 2 && { more: 'g2' }) });
      })
      .on(endGrants, ({ grant_id }) => ok({ ended: grant_id ? 1 : 300 }));
  });

  it('are listed page by page, by subject and client, without tokens', async () => {
    const listed = await call(`GET ${base}?sub=ada&client_id=shop&limit=2&cursor=g0`);
    expect(listed).toEqual(ok({ body: { items: [grant('g1'), grant('g2')], next: 'g2' } }));
    const asked = { tenant: 'acme', track: '-', sub: 'ada', client_id: 'shop', limit: 2, after: 'g0' };
    expect(services.current.lastOf(listGrants)).toEqual(asked);
    expect(await call(`GET ${base}/g2`)).toEqual(ok({ body: grant('g2') }));
  });

  it('end one by one, and what it was is told', async () => {
    expect(await call(`DELETE ${base}/g2`)).toEqual(
      ok({ changed: [{ target: 'refresh grant g2', before: grant('g2') }] }),
    );
    expect(services.current.lastOf(endGrants)).toEqual({ tenant: 'acme', track: '-', grant_id: 'g2' });
    expect(refusedWith(await call(`DELETE ${base}/old`))).toBe(404);
    expect(refusedWith(await call(`GET ${base}/%20`))).toBe(404);
  });

  it('end all of a subject and a client; the first of them are told, and how many there were', async () => {
    const grants = ['g1', 'g2', 'g3'].map(grant);
    const changed = [{ target: 'refresh grants of ada for shop', before: { ended: 300, grants } }];
    expect(await call(`DELETE ${base}?sub=ada&client_id=shop`)).toEqual(ok({ body: { ended: 300 }, changed }));
    expect(services.current.lastOf(endGrants)).toEqual({ tenant: 'acme', track: '-', sub: 'ada', client_id: 'shop' });
    services.current.on(endGrants, () => ok({ ended: 0 }));
    expect(await call(`DELETE ${base}?client_id=shop`)).toEqual(ok({ body: { ended: 0 }, changed: [] }));
  });

  it.each([
    [`DELETE ${base}`, 'sub'],
    [`DELETE ${base}?client_id=SHOP`, 'client_id'],
    [`DELETE ${base}?subject=ada`, 'subject'],
    [`GET ${base}?cursor=%00`, 'cursor'],
    [`GET ${base}?sub=%00`, 'sub'],
  ])('do not end and are not listed by %s', async (what, field) => {
    expect(refusedWith(await call(what))).toEqual(expect.arrayContaining([400, field]));
    expectAsked().toEqual([]);
  });

  it.each([`GET ${base}`, `GET ${base}/g2`, `DELETE ${base}/g2`, `DELETE ${base}?sub=ada`])(
    'are 404 without the track, and 503 without the token service: %s',
    async (what) => {
      expect(refusedWith(await call(what.replace('/-/', '/other/')))).toBe(404);
      expectAsked().toEqual([]);
      services.current.isAway(endGrants);
      if (what.startsWith('DELETE')) expect(refusedWith(await call(what))).toBe(503);
      services.current.isAway(listGrants);
      expect(refusedWith(await call(what))).toBe(503);
    },
  );
});

describe('Locks over the API', () => {
  const base = '/api/acme/-/locks';
  const locks: Lock[] = [
    { of: 'user', guessed: 'password', value: 'ada@example.com' },
    { of: 'address', guessed: 'code', value: '2001:db8:0:1' },
  ];
  beforeEach(() => {
    services.current.on(listLocks, () => ok({ locks })).on(removeLock, () => ok({}));
  });

  it('are listed page by page', async () => {
    expect(await call(`GET ${base}?limit=1`)).toEqual(
      ok({ body: { items: [locks[1]], next: 'address code 2001:db8:0:1' } }),
    );
    const next = encodeURIComponent('address code 2001:db8:0:1');
    expect(await call(`GET ${base}?limit=1&cursor=${next}`)).toEqual(ok({ body: { items: [locks[0]] } }));
  });

  it('are taken away, and what it was is told', async () => {
    const query = new URLSearchParams({ ...locks[0] });
    const changed = [{ target: 'lock of the user ada@example.com', before: locks[0] }];
    expect(await call(`DELETE ${base}?${query}`)).toEqual(ok({ changed }));
    expect(services.current.lastOf(removeLock)).toEqual({ tenant: 'acme', track: '-', lock: locks[0] });
    query.set('guessed', 'code');
    expect(refusedWith(await call(`DELETE ${base}?${query}`))).toBe(404);
  });

  it.each([
    [`DELETE ${base}`, ['of', 'guessed', 'value']],
    [`DELETE ${base}?of=everybody&guessed=password&value=x`, ['of']],
    [`DELETE ${base}?of=user&guessed=password&value=${'x'.repeat(401)}`, ['value']],
  ])('are not taken away by %s', async (what, fields) => {
    expect(refusedWith(await call(what))).toEqual([400, ...fields]);
    expectAsked().toEqual([]);
  });

  it.each([`GET ${base}`, `DELETE ${base}?${new URLSearchParams({ ...locks[0] })}`])(
    'are 404 without the track, and 503 without the authorize service: %s',
    async (what) => {
      expect(refusedWith(await call(what.replace('/-/', '/other/')))).toBe(404);
      expectAsked().toEqual([]);
      services.current.isAway(removeLock);
      if (what.startsWith('DELETE')) expect(refusedWith(await call(what))).toBe(503);
      services.current.isAway(listLocks);
      expect(refusedWith(await call(what))).toBe(503);
    },
  );
});
