import {
  importExternalUsers,
  listExternalUsers,
  removeExternalUser,
  unlinkExternalUser,
  type KeptExternalUser,
} from '@corsac/contracts';
import { defaultTrackSettings, parseUpParty, type UpParty } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import { callerOf, FakeServices, refusedWith } from '../../fixtures/fake-services.js';
import { tagOf } from '../api/precondition.js';
import { externalUserOperations } from './external-users.js';

const base = '/api/acme/-/external_users';
const kept: KeptExternalUser = {
  user_id: 'ada',
  up_party: 'op',
  link_claim_value: 'op|1',
  redemption_claim_value: 'ada@example.com',
  disabled: false,
  claims: { role: ['a'] },
  last_sign_in: 5,
  expires: 9,
  created: 1,
  updated: 1,
};
const upParty = (more: object): UpParty => {
  const parsed = parseUpParty({ type: 'oidc', authority: 'https://op.test', client_secret: 's', ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value as UpParty;
};
const up_parties = [
  upParty({ name: 'op', link_external_user: { redemption_claim_type: 'email' } }),
  upParty({ name: 'strict', link_external_user: {} }),
  upParty({ name: 'plain' }),
];

describe('External users over the API', () => {
  let services: FakeServices;
  let users: KeptExternalUser[];
  let call: ReturnType<typeof callerOf>;
  beforeEach(() => {
    services = new FakeServices();
    users = [kept];
    services
      .on(listExternalUsers, ({ user_id, limit }) => {
        const found = users.filter((user) => user_id === undefined || user.user_id === user_id).slice(0, limit);
        return ok({ users: found.map((user) => ({ ...user, epoch: 3 })), ...(limit === 1 && { more: 'ada' }) });
      })
      .on(importExternalUsers, ({ users: [{ changed: _changed, ...user } = { changed: undefined }] }) => {
        users = [
          ...users.filter(({ user_id }) => user_id !== (user as KeptExternalUser).user_id),
          { ...kept, ...user },
        ];
        return ok({ created: 1, updated: 0 });
      })
      .on(removeExternalUser, () => ok({}))
      .on(unlinkExternalUser, () => ok({}));
    const operations = externalUserOperations({
      bus: services,
      trackExists: async (_tenant, track) => track === '-',
      readTrack: async () => ({ settings: defaultTrackSettings, up_parties }),
      secrets: () => ({ user: async () => Promise.reject(new Error('there is no password')) }),
      newId: () => 'made',
      base_url: 'https://identity.example.com',
    });
    call = callerOf(operations);
  });

  const bob = { up_party: 'op', redemption_claim_value: ' Bob@Example.com ' };

  it('lists them by up-party and part of a value, as administrators see them', async () => {
    expect(await call(`GET ${base}?limit=1&up_party=op&filter=ada&cursor=a`)).toEqual(
      ok({ body: { items: [kept], next: 'ada' } }),
    );
    const asked = { tenant: 'acme', track: '-', limit: 1, up_party: 'op', filter: 'ada', after: 'a' };
    expect(services.lastOf(listExternalUsers)).toEqual(asked);
    expect(await call(`GET ${base}/ada`)).toEqual(ok({ body: kept, tagged: true }));
  });

  it('makes one that waits to be redeemed, and only where there is none', async () => {
    const made = await call(`POST ${base}`, { body: bob });
    const after = expect.objectContaining({ user_id: 'made', redemption_claim_value: 'bob@example.com' });
    expect(made).toEqual(
      ok({
        status: 201,
        location: `${base}/made`,
        body: after,
        tagged: true,
        changed: [{ target: 'external user made', after }],
      }),
    );
    expect(services.lastOf(importExternalUsers)).toMatchObject({ seen: [null] });
    services.on(importExternalUsers, () => fail({ refusal: 'value_taken' }));
    expect(refusedWith(await call(`POST ${base}`, { body: bob }))).toBe(409);
    services.on(importExternalUsers, () => fail({ refusal: 'changed_meanwhile' }));
    expect(refusedWith(await call(`POST ${base}`, { body: { ...bob, user_id: 'ada' } }))).toBe(409);
  });

  it.each<[string, object, string[]]>([
    ['without a value to find it by', { redemption_claim_value: undefined }, ['link_claim_value']],
    ['of an up-party that is not there', { up_party: 'none' }, ['up_party']],
    ['of an up-party that looks for none', { up_party: 'plain' }, ['up_party']],
    ['that nothing could redeem', { up_party: 'strict' }, ['redemption_claim_value']],
    ['with a claim that the sign-in makes', { claims: { sub: 'x' } }, ['claims.sub']],
    ['with a value that cannot be kept', { link_claim_value: 'a\0' }, ['link_claim_value']],
  ])('makes none %s, and names the field', async (_what, more, fields) => {
    expect(refusedWith(await call(`POST ${base}`, { body: { ...bob, ...more } }))).toEqual([422, ...fields]);
    expect(services.asked).toEqual([]);
  });

  it('puts one whole as it was shown with something changed, and tells before and after', async () => {
    const put = await call(`PUT ${base}/ada`, { body: { ...kept, disabled: true, claims: {} } });
    const after = { ...kept, disabled: true, claims: {} };
    expect(put).toEqual(
      ok({ body: after, tagged: true, changed: [{ target: 'external user ada', before: kept, after }] }),
    );
    const changed = ['link_claim_value', 'redemption_claim_value', 'disabled', 'claims'];
    expect(services.lastOf(importExternalUsers)).toMatchObject({
      users: [{ user_id: 'ada', changed }],
      seen: [{ user_id: 'ada', up_party: 'op', disabled: false, claims: { role: ['a'] } }],
    });
  });

  it('keeps the up-party of one, and its id', async () => {
    const body = { up_party: 'strict', link_claim_value: 'x' };
    expect(refusedWith(await call(`PUT ${base}/ada`, { body }))).toEqual([422, 'up_party']);
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: { ...bob, user_id: 'x' } }))).toEqual([422, 'user_id']);
    expect(refusedWith(await call(`PUT ${base}/nobody`, { body: bob }))).toBe(404);
  });

  it('changes and removes only what was seen', async () => {
    const headers = { 'if-match': tagOf({ ...kept, disabled: true }) };
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob, headers }))).toBe(412);
    expect(refusedWith(await call(`DELETE ${base}/ada`, { headers }))).toBe(412);
    services.on(importExternalUsers, () => fail({ refusal: 'changed_meanwhile' }));
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob }))).toBe(409);
    services.on(importExternalUsers, () => fail({ refusal: 'value_taken' }));
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob }))).toBe(409);
    services.on(importExternalUsers, () => ok({ created: 0, updated: 0, unknown: [0] }));
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob }))).toBe(404);
  });

  it('removes one and takes a link off, and tells what it was', async () => {
    expect(await call(`DELETE ${base}/ada`)).toEqual(ok({ changed: [{ target: 'external user ada', before: kept }] }));
    const { link_claim_value: _link, ...rest } = kept;
    expect(await call(`DELETE ${base}/ada/link`)).toEqual(
      ok({ changed: [{ target: 'external user ada', before: kept, after: { ...rest, expires: 0 } }] }),
    );
  });

  it('neither removes nor unlinks who is not there, nor takes the only way to a record away', async () => {
    expect(refusedWith(await call(`DELETE ${base}/nobody`))).toBe(404);
    expect(refusedWith(await call(`DELETE ${base}/nobody/link`))).toBe(404);
    services.on(removeExternalUser, () => fail({ refusal: 'unknown_user' }));
    services.on(unlinkExternalUser, () => fail({ refusal: 'unknown_user' }));
    expect(refusedWith(await call(`DELETE ${base}/ada`))).toBe(404);
    expect(refusedWith(await call(`DELETE ${base}/ada/link`))).toBe(404);
    services.on(unlinkExternalUser, () => fail({ refusal: 'not_redeemable' }));
    expect(refusedWith(await call(`DELETE ${base}/ada/link`))).toBe(409);
  });

  it('does not understand another query', async () => {
    expect(refusedWith(await call(`GET ${base}?up_party=UP`))).toEqual([400, 'up_party']);
    expect(refusedWith(await call(`DELETE ${base}/ada?force=1`))).toEqual([400, 'force']);
  });

  const everything: [string, object | undefined][] = [
    [`GET ${base}`, undefined],
    [`POST ${base}`, bob],
    [`GET ${base}/ada`, undefined],
    [`PUT ${base}/ada`, bob],
    [`DELETE ${base}/ada`, undefined],
    [`DELETE ${base}/ada/link`, undefined],
  ];
  it.each(everything)('is 404 without the track, and 503 without the authorize service: %s', async (what, body) => {
    expect(refusedWith(await call(what.replace('/-/', '/other/'), { body }))).toBe(404);
    expect(services.asked).toEqual([]);
    for (const question of [importExternalUsers, removeExternalUser, unlinkExternalUser]) services.isAway(question);
    if (!what.startsWith('GET')) expect(refusedWith(await call(what, { body }))).toBe(503);
    services.isAway(listExternalUsers);
    expect(refusedWith(await call(what, { body }))).toBe(503);
  });
});
