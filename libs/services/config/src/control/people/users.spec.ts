import { importUsers, listUsers, removeUser, resetSecondFactor, type KeptUser, type SeenUser } from '@corsac/contracts';
import { defaultTrackSettings, isEqual, type ImportedUser, type WrittenUser } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import { callerOf, FakeServices, refusedWith } from '../../fixtures/fake-services.js';
import { tagOf } from '../api/precondition.js';
import { userOperations } from './users.js';

const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`;
const password = 'Correct-horse-9';
const base = '/api/acme/-/users';

const kept = (more: Partial<KeptUser> = {}): KeptUser => ({
  user_id: 'ada',
  email: 'ada@example.com',
  email_verified: true,
  phone_verified: false,
  confirm_account: false,
  change_password: false,
  require_multi_factor: false,
  disabled: false,
  roles: ['a'],
  claims: { name: 'Ada Lovelace' },
  has_password: true,
  has_second_factor: true,
  password_changed: 1,
  created: 1,
  updated: 1,
  ...more,
});

/** The users of one track as the authorize service keeps them, as far as the API can tell. */
class Users {
  readonly users = new Map<string, KeptUser>();
  /** Done once, just before the next import: somebody else is quicker. */
  meanwhile: (() => void) | undefined;
  readonly imported: ImportedUser[] = [];

  answerBy(services: FakeServices): void {
    services
      .on(listUsers, ({ user_id, limit, after = '', filter = '' }) => {
        const all = [...this.users.values()].filter((user) => user_id === undefined || user.user_id === user_id);
        const from = all.filter((user) => user.user_id > after && (user.email ?? '').includes(filter)).slice(0, limit);
        const more = from.length === limit ? from.at(-1)?.user_id : undefined;
        // What a service that is not careful might tell.
        const users = from.map((user) => ({ ...user, password_hash: hash, totp_seed: 'a seed' }));
        return ok({ users, ...(more !== undefined && { more }) });
      })
      .on(importUsers, ({ users: [user], seen }) => this.import(user!, seen![0]!))
      .on(removeUser, ({ user_id }) => (this.users.delete(user_id) ? ok({}) : fail({ refusal: 'unknown_user' })))
      .on(resetSecondFactor, () => ok({}));
  }

  private import(user: ImportedUser, seen: SeenUser | null) {
    this.meanwhile?.();
    this.meanwhile = undefined;
    this.imported.push(user);
    const { password_hash, changed: _changed, ...fields } = user;
    const before = this.users.get(user.user_id!);
    const seenOf = ({ user_id, email, roles, disabled }: Partial<KeptUser>) => ({ user_id, email, roles, disabled });
    if (!isEqual(before ? seenOf(before) : null, seen && seenOf(seen)))
      return fail({ refusal: 'changed_meanwhile' as const });
    const taken = [...this.users.values()].find(
      ({ user_id, email }) => user_id !== user.user_id && email === user.email,
    );
    if (taken) return fail({ refusal: 'identifier_taken' as const, detail: `${user.email} is another user's` });
    const has_password = password_hash !== undefined || before?.has_password === true;
    const made = kept({ ...fields, has_password, has_second_factor: false, updated: 2 } as Partial<KeptUser>);
    this.users.set(made.user_id, made);
    return ok({ created: before ? 0 : 1, updated: before ? 1 : 0 });
  }
}

describe('Users over the API', () => {
  let services: FakeServices;
  let users: Users;
  let call: ReturnType<typeof callerOf>;
  let hashed: WrittenUser[];
  beforeEach(() => {
    services = new FakeServices();
    users = new Users();
    users.answerBy(services);
    users.users.set('ada', kept());
    hashed = [];
    let ids = 0;
    const operations = userOperations({
      bus: services,
      trackExists: async (tenant, track) => tenant === 'acme' && track === '-',
      readTrack: async () => ({ settings: defaultTrackSettings, up_parties: [] }),
      secrets: () => ({
        user: async ({ password: text, ...user }) => {
          hashed.push({ password: text, ...user } as WrittenUser);
          return { ...user, ...(text !== undefined && { password_hash: hash }) };
        },
      }),
      newId: () => `made-${(ids += 1)}`,
      base_url: 'https://identity.example.com',
    });
    call = callerOf(operations);
  });

  const bob = { email: 'bob@example.com', password };

  it('lists them page by page, by part of an identifier, and shows nothing secret', async () => {
    users.users.set('bob', kept({ user_id: 'bob', email: 'bob@other.test' }));
    const first = await call(`GET ${base}?limit=1`);
    expect(first).toEqual(ok({ body: { items: [kept()], next: 'ada' } }));
    expect(await call(`GET ${base}?limit=2&cursor=ada`)).toMatchObject({
      value: { body: { items: [{ user_id: 'bob' }] } },
    });
    expect(await call(`GET ${base}?filter=other`)).toMatchObject({ value: { body: { items: [{ user_id: 'bob' }] } } });
    expect(services.lastOf(listUsers)).toEqual({ tenant: 'acme', track: '-', limit: 50, filter: 'other' });
    expect(services.asked[0]?.context).toEqual({ request_id: 'r-1' });
  });

  it('shows one with its tag, and nothing secret', async () => {
    expect(await call(`GET ${base}/ada`)).toEqual(ok({ body: kept(), tagged: true }));
  });

  it('makes one of its own id, hashes the password and tells who was made', async () => {
    const made = await call(`POST ${base}`, { body: bob });
    const after = users.users.get('made-1')!;
    expect(made).toEqual(
      ok({
        status: 201,
        location: `${base}/made-1`,
        body: after,
        tagged: true,
        changed: [{ target: 'user bob@example.com', after }],
      }),
    );
    expect(services.lastOf(importUsers)).toMatchObject({ users: [{ password_hash: hash }], seen: [null] });
    expect(JSON.stringify(services.asked)).not.toContain(password);
  });

  it('makes one of the id that is asked for, and writes it into the address', async () => {
    const made = await call(`POST ${base}`, { body: { ...bob, user_id: 'op|bob' } });
    expect(made).toMatchObject({ value: { location: `${base}/op%7Cbob`, body: { user_id: 'op|bob' } } });
    expect(await call(`GET ${base}/op%7Cbob`)).toMatchObject({ ok: true });
  });

  it('makes none of an id or an identifier that is taken, however late', async () => {
    expect(refusedWith(await call(`POST ${base}`, { body: { ...bob, user_id: 'ada' } }))).toBe(409);
    expect(hashed).toEqual([]);
    expect(await call(`POST ${base}`, { body: { ...bob, email: 'ADA@example.com' } })).toMatchObject({
      error: { status: 409, detail: "ada@example.com is another user's" },
    });
    users.meanwhile = () => users.users.set('bob', kept({ user_id: 'bob', email: 'quick@example.com' }));
    expect(refusedWith(await call(`POST ${base}`, { body: { ...bob, user_id: 'bob' } }))).toBe(409);
    expect(users.users.get('bob')?.email).toBe('quick@example.com');
  });

  it.each<[string, object, string[]]>([
    ['without an identifier', { password }, ['email']],
    ['with a setting that is none', { ...bob, passwort: 'x' }, ['passwort']],
    ['with an id that is none', { ...bob, user_id: 'a b' }, ['user_id']],
    ['with a claim that the sign-in makes', { ...bob, claims: { sub: 'x' } }, ['claims.sub']],
    [
      'with a text that cannot be kept',
      { ...bob, claims: { a: ['\0'] }, roles: ['\ud800'] },
      ['roles[0]', 'claims.a[0]'],
    ],
    ['with a short password', { ...bob, password: 'Ab-1' }, ['password']],
    ['with a password that everybody knows', { ...bob, password: 'Password1' }, ['password']],
    [
      'with a name in the password',
      { ...bob, claims: { given_name: 'Robert' }, password: 'Robert-is-9' },
      ['password'],
    ],
    ['with the address in the password', { ...bob, password: 'Identity-is-9' }, ['password']],
  ])('keeps none %s, and names the field', async (_what, body, fields) => {
    expect(refusedWith(await call(`POST ${base}`, { body }))).toEqual([422, ...fields]);
    expect(refusedWith(await call(`PUT ${base}/ada`, { body }))).toEqual([422, ...fields]);
    expect(users.imported).toEqual([]);
  });

  it('takes a hash from elsewhere, of whose password nothing is known', async () => {
    expect(await call(`POST ${base}`, { body: { ...bob, password: { hash } } })).toMatchObject({ ok: true });
  });

  it('puts one whole, keeps the password that is left out, and tells before and after', async () => {
    const put = await call(`PUT ${base}/ada`, { body: { email: 'ada@new.test', roles: ['b'] } });
    const after = users.users.get('ada')!;
    expect(after).toMatchObject({ email: 'ada@new.test', roles: ['b'], email_verified: false, claims: {} });
    const changed = [{ target: 'user ada@example.com', before: kept(), after }];
    expect(put).toEqual(ok({ body: after, tagged: true, changed }));
    expect(users.imported[0]?.changed).toEqual(expect.arrayContaining(['email', 'phone', 'disabled', 'claims']));
    expect(users.imported[0]?.changed).not.toContain('password');
    await call(`PUT ${base}/ada`, { body: { email: 'ada@new.test', password } });
    expect(users.imported[1]).toMatchObject({ password_hash: hash, changed: expect.arrayContaining(['password']) });
  });

  it('takes one back as it was shown', async () => {
    const put = await call(`PUT ${base}/ada`, { body: { ...kept(), created: 77, has_password: false } });
    expect(put).toMatchObject({ ok: true, value: { body: { created: 1, has_password: true, roles: ['a'] } } });
  });

  it('puts nobody who is not there, and nobody under another id', async () => {
    expect(refusedWith(await call(`PUT ${base}/nobody`, { body: bob }))).toBe(404);
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: { ...bob, user_id: 'bob' } }))).toEqual([422, 'user_id']);
    users.meanwhile = () => users.users.delete('ada');
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob }))).toBe(404);
    expect(users.users.size).toBe(0);
  });

  it('changes and removes only what was seen, when that is said', async () => {
    const headers = { 'if-match': tagOf(kept({ roles: ['other'] })) };
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob, headers }))).toBe(412);
    expect(refusedWith(await call(`DELETE ${base}/ada`, { headers }))).toBe(412);
    const seen = { 'if-match': tagOf(kept()) };
    users.meanwhile = () => users.users.set('ada', kept({ roles: ['quick'] }));
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob, headers: seen }))).toBe(412);
    expect(users.users.get('ada')?.roles).toEqual(['quick']);
    users.users.set('ada', kept());
    expect(await call(`PUT ${base}/ada`, { body: bob, headers: seen })).toMatchObject({ ok: true });
  });

  it('tries a change anew that met another one, and tells what it really changed', async () => {
    users.meanwhile = () => users.users.set('ada', kept({ roles: ['quick'] }));
    const put = await call(`PUT ${base}/ada`, { body: { email: 'ada@example.com' } });
    expect(put).toMatchObject({
      ok: true,
      value: { changed: [{ before: { roles: ['quick'] }, after: { roles: [] } }] },
    });
    services.on(importUsers, () => fail({ refusal: 'changed_meanwhile' }));
    expect(refusedWith(await call(`PUT ${base}/ada`, { body: bob }))).toBe(409);
  });

  it('removes one, and tells who it was', async () => {
    expect(await call(`DELETE ${base}/ada`)).toEqual(
      ok({ changed: [{ target: 'user ada@example.com', before: kept() }] }),
    );
    expect(refusedWith(await call(`DELETE ${base}/ada`))).toBe(404);
    users.users.set('ada', kept());
    services.on(removeUser, () => fail({ refusal: 'unknown_user' }));
    expect(refusedWith(await call(`DELETE ${base}/ada`))).toBe(404);
  });

  it('forgets a second factor, and tells that it is gone', async () => {
    expect(await call(`DELETE ${base}/ada/second_factor`)).toMatchObject({
      value: { changed: [{ before: { has_second_factor: true }, after: { has_second_factor: false } }] },
    });
    expect(refusedWith(await call(`DELETE ${base}/nobody/second_factor`))).toBe(404);
    services.on(resetSecondFactor, () => fail({ refusal: 'unknown_user' }));
    expect(refusedWith(await call(`DELETE ${base}/ada/second_factor`))).toBe(404);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['filter=%00', 'filter'],
    ['cursor=', 'cursor'],
    ['role=a', 'role'],
  ])('does not understand ?%s, and names the member', async (query, member) => {
    expect(refusedWith(await call(`GET ${base}?${query}`))).toEqual([400, member]);
    expect(services.asked).toEqual([]);
  });

  const everything: [string, object | undefined][] = [
    [`GET ${base}`, undefined],
    [`POST ${base}`, bob],
    [`GET ${base}/ada`, undefined],
    [`PUT ${base}/ada`, bob],
    [`DELETE ${base}/ada`, undefined],
    [`DELETE ${base}/ada/second_factor`, undefined],
  ];
  it.each(everything)('of a track that is not there is 404, and nobody is asked: %s', async (what, body) => {
    expect(refusedWith(await call(what.replace('/-/', '/other/'), { body }))).toBe(404);
    expect(services.asked).toEqual([]);
  });

  it.each(everything)('is 503 while the authorize service is away: %s', async (what, body) => {
    for (const question of [importUsers, removeUser, resetSecondFactor]) services.isAway(question);
    if (!what.startsWith('GET')) expect(refusedWith(await call(what, { body }))).toBe(503);
    services.isAway(listUsers);
    expect(refusedWith(await call(what, { body }))).toBe(503);
  });

  it('says that a change is made though it cannot be read again', async () => {
    const awayAfter = () =>
      services.on(importUsers, () => {
        services.isAway(listUsers);
        return ok({ created: 1, updated: 0 });
      });
    awayAfter();
    expect(await call(`POST ${base}`, { body: bob })).toEqual(
      ok({
        status: 201,
        location: `${base}/made-1`,
        changed: [{ target: 'user bob@example.com', after: expect.objectContaining({ user_id: 'made-1' }) }],
      }),
    );
    users.answerBy(services);
    awayAfter();
    const put = await call(`PUT ${base}/ada`, { body: bob });
    expect(put).toMatchObject({
      ok: true,
      value: { changed: [{ before: kept(), after: { email: 'bob@example.com' } }] },
    });
    expect(JSON.stringify(put)).not.toContain(password);
  });

  it('of an id that there cannot be is 404, and nobody is asked', async () => {
    expect(refusedWith(await call(`GET ${base}/${'x'.repeat(101)}`))).toBe(404);
    expect(refusedWith(await call(`DELETE ${base}/%00`))).toBe(404);
    expect(services.asked).toEqual([]);
  });
});
