import { endSession, findSessions, type Session } from '@corsac/contracts';
import { defaultTrackSettings } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { callerOf, FakeServices, refusedWith } from '../../fixtures/fake-services.js';
import { peopleOperations } from './people-operations.js';

const base = '/api/acme/-/sessions';
const kept = (more: Partial<Session> = {}): Session => ({
  tenant: 'acme',
  track: '-',
  sid: 's1',
  up_party: 'login',
  up_party_type: 'login',
  sub: 'ada',
  user: { user_id: 'u-1', epoch: 2 },
  claims: { sub: 'ada', access_token: 'op|a token of the provider above' },
  auth_time: 5,
  amr: ['pwd'],
  created: 5,
  last_used: 6,
  lifetimes: {
    session_lifetime: 1,
    session_absolute_lifetime: 1,
    persistent_session_absolute_lifetime: 1,
    persistent_session_lifetime_unlimited: false,
  },
  single_logout: true,
  parties: [{ party: 'shop', type: 'oidc', issuer: 'https://id.test/acme/-', sub: 'ada', name_id: { value: 'x' } }],
  upstream: { issuer: 'https://op.test', sid: 'op-1', id_token: 'an ID token of the provider above' },
  ...more,
});
const shown = {
  sid: 's1',
  sub: 'ada',
  user_id: 'u-1',
  up_party: 'login',
  up_party_type: 'login',
  auth_time: 5,
  amr: ['pwd'],
  created: 5,
  last_used: 6,
  single_logout: true,
  parties: [{ party: 'shop', type: 'oidc', sub: 'ada' }],
  upstream: { issuer: 'https://op.test', sid: 'op-1' },
};

describe('Sessions over the API', () => {
  let services: FakeServices;
  let sessions: Session[];
  let call: ReturnType<typeof callerOf>;
  beforeEach(() => {
    services = new FakeServices();
    sessions = [kept()];
    services
      .on(findSessions, ({ by }) => {
        const isMeant = ({ sid, sub }: Session) =>
          by.kind === 'sid' ? sid === by.sid : by.kind === 'sub' && sub === by.sub;
        return ok({
          sessions: sessions.filter(isMeant).map((session) => ({ ...session, browser_id: 'secret-browser' })),
        });
      })
      .on(endSession, () => {
        const ended = sessions.map(({ track, sid, sub }) => ({ track, sid, sub }));
        return ok({ ...(ended.length > 0 && { job_id: 'job-1' }), ended, front_channel: [], upstream: [] });
      });
    const operations = peopleOperations({
      bus: services,
      trackExists: async (_tenant, track) => track === '-',
      readTrack: async () => ({ settings: defaultTrackSettings, up_parties: [] }),
      secrets: () => ({ user: async () => Promise.reject(new Error('there is no password')) }),
      newId: () => 'made',
      base_url: 'https://identity.example.com',
    });
    call = callerOf(operations);
  });

  it('are shown without claims, tokens and the browser that they are in', async () => {
    expect(await call(`GET ${base}?sub=ada`)).toEqual(ok({ body: { items: [shown] } }));
    expect(await call(`GET ${base}?sid=s1`)).toEqual(ok({ body: { items: [shown] } }));
    expect(await call(`GET ${base}/s1`)).toEqual(ok({ body: shown }));
  });

  it('are listed page by page, those of one up-party too', async () => {
    sessions = [kept({ sid: 's2' }), kept(), kept({ sid: 's3', up_party: 'azure' })];
    const first = await call(`GET ${base}?sub=ada&limit=2`);
    expect(first).toMatchObject({ value: { body: { items: [{ sid: 's1' }, { sid: 's2' }], next: 's2' } } });
    const second = await call(`GET ${base}?sub=ada&limit=2&cursor=s2`);
    expect(second).toEqual(ok({ body: { items: [expect.objectContaining({ sid: 's3' })] } }));
    expect(await call(`GET ${base}?sub=ada&up_party=azure`)).toMatchObject({
      value: { body: { items: [{ sid: 's3' }] } },
    });
    expect(await call(`GET ${base}?sub=bob&sid=s1`)).toEqual(ok({ body: { items: [] } }));
  });

  it('end by an administrator, and the job that tells the applications is named', async () => {
    const ended = [{ track: '-', sid: 's1', sub: 'ada' }];
    const expected = ok({ body: { job_id: 'job-1', ended }, changed: [{ target: 'session s1', before: shown }] });
    expect(await call(`DELETE ${base}/s1`)).toEqual(expected);
    const asked = { tenant: 'acme', track: '-', cause: 'administrator' };
    expect(services.lastOf(endSession)).toEqual({ ...asked, by: { kind: 'sid', sid: 's1' } });
    expect(await call(`DELETE ${base}?sub=ada&up_party=login`)).toEqual(expected);
    expect(services.lastOf(endSession)).toEqual({ ...asked, by: { kind: 'sub', sub: 'ada', up_party: 'login' } });
  });

  it('of other tracks that end with them are in the audit log, and shown to those who may read them', async () => {
    const elsewhere = kept({ track: 'partner', sid: 's9' });
    sessions = [kept(), elsewhere];
    const whole = await call(`DELETE ${base}/s1`);
    const changed = [{ before: shown }, { target: 'session s9 in track partner', before: { sid: 's9', sub: 'ada' } }];
    expect(whole).toMatchObject({ value: { body: { ended: [{ sid: 's1' }, { sid: 's9' }] }, changed } });
    const scopes = ['corsac:tenant:track[-]:user'];
    const narrow = await call(`DELETE ${base}/s1`, { admin: { scopes } });
    expect(narrow).toMatchObject({ value: { body: { ended: [{ sid: 's1' }] }, changed } });
  });

  it('that are not there: one is 404, those of a subject are none', async () => {
    for (const what of [`GET ${base}/s9`, `DELETE ${base}/s9`, `DELETE ${base}/%20`])
      expect(refusedWith(await call(what))).toBe(404);
    sessions = [];
    expect(await call(`DELETE ${base}?sub=ada`)).toEqual(ok({ body: { ended: [] }, changed: [] }));
  });

  it.each([
    [`GET ${base}`, ['sub']],
    [`GET ${base}?sid=%20`, ['sid']],
    [`GET ${base}?sub=ada&browser_id=b`, ['browser_id']],
    [`DELETE ${base}`, ['sub']],
    [`DELETE ${base}?sub=`, ['sub']],
    [`DELETE ${base}?sub=a%00`, ['sub']],
    [`DELETE ${base}/s1?up_party=login`, ['up_party']],
  ])('are not found by %s, and the member is named', async (what, fields) => {
    expect(refusedWith(await call(what))).toEqual([400, ...fields]);
    expect(services.asked).toEqual([]);
  });

  it.each([`GET ${base}?sub=ada`, `GET ${base}/s1`, `DELETE ${base}/s1`, `DELETE ${base}?sub=ada`])(
    'are 404 without the track, and 503 without the session service: %s',
    async (what) => {
      expect(refusedWith(await call(what.replace('/-/', '/other/')))).toBe(404);
      expect(services.asked).toEqual([]);
      services.isAway(endSession);
      if (what.startsWith('DELETE')) expect(refusedWith(await call(what))).toBe(503);
      services.isAway(findSessions);
      expect(refusedWith(await call(what))).toBe(503);
    },
  );
});
