import { StoreUnavailable } from '@corsac/data';
import type { HttpBody, HttpRequest } from '@corsac/http';
import { fail, ok } from '@corsac/outcome';
import { silentLogger } from '@corsac/telemetry';
import { z } from 'zod';
import type { Administrator } from '../access/administrator.js';
import { MemoryAuditLog } from '../audit/memory-audit-log.js';
import { operation, type Operation } from './operation.js';
import { conflict } from './refusal.js';
import { ControlApi } from './serve.js';

const path = '/api/{tenant}/{track}/users';
const operations: Operation[] = [
  operation({
    id: 'listUsers',
    method: 'GET',
    path,
    area: 'user',
    summary: '',
    query: z.strictObject({ limit: z.coerce.number().int().max(200).default(50) }),
    run: async ({ query, tenant, track }) => ok({ body: { ...query, tenant, track }, tagged: true }),
  }),
  operation({
    id: 'createUser',
    method: 'POST',
    path,
    area: 'user',
    summary: '',
    body: z.strictObject({ email: z.email(), password: z.string().optional() }),
    creates: true,
    run: async ({ body }) => {
      if (body.email === 'taken@acme.test') return conflict('There is one already.');
      if (body.email === 'bug@acme.test') throw new Error('a bug');
      return ok({
        status: 201,
        body: { email: body.email },
        location: '/x',
        changed: [{ target: 'user', after: body }],
      });
    },
  }),
  operation({
    id: 'readUser',
    method: 'GET',
    path: `${path}/{user_id}`,
    area: 'user',
    summary: '',
    run: async ({ params }) => ok({ body: params }),
  }),
  operation({
    id: 'listTenants',
    method: 'GET',
    path: '/api/master/master/tenants',
    area: 'installation',
    summary: '',
    run: async () => ok({ body: { items: [] } }),
  }),
];

const everything: Administrator = {
  tenant: 'acme',
  sub: 'u-1',
  client_id: 'corsac_control',
  scopes: ['corsac:tenant', 'corsac:master'],
  roles: ['corsac:tenant', 'corsac:master'],
};

interface Asked {
  readonly admin?: Partial<Administrator> | 'nobody';
  readonly content?: HttpBody;
  readonly audit?: MemoryAuditLog;
}

const call = async (
  method: string,
  address: string,
  { admin = {}, content = { kind: 'none' }, audit = new MemoryAuditLog(Date.now) }: Asked = {},
) => {
  const api = new ControlApi({
    operations,
    administrators: {
      verify: async (tenant) =>
        admin === 'nobody'
          ? fail({ status: 401, title: 'No token came.', challenge: 'Bearer realm="x"' })
          : ok({ ...everything, tenant, ...admin }),
    },
    audit,
    logger: silentLogger,
  });
  const [rawPath = '', rawQuery = ''] = address.split('?');
  const request = {
    method,
    rawPath,
    rawQuery,
    headers: {},
    content,
    requestId: 'r-1',
    messageContext: {},
    note: () => undefined,
  };
  const answer = await api.answer(request as unknown as HttpRequest);
  const text = String(answer.body ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text && JSON.parse(text)) as Record<string, unknown>,
  };
};
const json = (value: unknown): HttpBody => ({ kind: 'json', value });

describe('The way of every call to the Control API', () => {
  it('leads to the operation of its address, written-out ones before those of a track', async () => {
    expect(await call('GET', '/api/acme/-/users?limit=7')).toMatchObject({
      status: 200,
      body: { limit: 7, tenant: 'acme', track: '-' },
      headers: { etag: expect.stringMatching(/^"/) as string, 'cache-control': 'no-store' },
    });
    expect(await call('GET', '/api/master/master/tenants')).toMatchObject({ body: { items: [] } });
    expect(await call('GET', '/api/acme/-/users/a%7Cb')).toMatchObject({ body: { user_id: 'a|b' } });
  });

  it.each([
    ['/api/acme', 404],
    ['/api/acme/-/nothing', 404],
    ['/api/ACME/-/users', 404],
    ['/api/acme/a%2Fb/users', 404],
    ['/api/acme/-/users/', 404],
    ['/api/acme/-/users/%ff', 404],
    ['/api/master/master/tenants%2f..', 404],
  ])('ends at %s with %i', async (address, status) => {
    expect((await call('GET', address)).status).toBe(status);
  });

  it('tells which methods an address takes', async () => {
    expect(await call('DELETE', '/api/acme/-/users')).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
    expect(await call('PATCH', '/api/acme/-/users')).toMatchObject({ status: 405 });
    expect(await call('HEAD', '/api/acme/-/users')).toMatchObject({ status: 200 });
  });

  it('asks for a token before anything else is looked at', async () => {
    expect(
      await call('POST', '/api/acme/-/users', { admin: 'nobody', content: { kind: 'invalid_json' } }),
    ).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="x"', 'content-type': 'application/problem+json; charset=utf-8' },
    });
  });

  it.each([
    ['a scope alone', { roles: [] }],
    ['a role alone', { scopes: [] }],
    ['a right to read', { roles: ['corsac:tenant.read'] }],
    ['a right to another track', { roles: ['corsac:tenant:track[dev]'] }],
    ['a right to another area', { roles: ['corsac:tenant:track:party'] }],
    ['a right to the installation', { roles: ['corsac:master'] }],
  ])('refuses a change by %s, and says what it takes', async (_who, admin) => {
    const refused = await call('POST', '/api/acme/-/users', { admin, content: json({ email: 'a@acme.test' }) });
    expect(refused).toMatchObject({ status: 403 });
    expect(String(refused.body['detail'])).toContain('corsac:tenant:track[-]:user.create');
  });

  it('lets only administrators of the tenant master at the installation', async () => {
    expect((await call('GET', '/api/master/master/tenants', { admin: { roles: ['corsac:tenant'] } })).status).toBe(403);
  });

  it.each([
    ['limit=many', 'limit'],
    ['limit=201', 'limit'],
    ['color=red', 'color'],
    ['limit=1&limit=2', 'limit'],
    ['__proto__=1', '__proto__'],
  ])('refuses the query %s by its member', async (query, field) => {
    expect(await call('GET', `/api/acme/-/users?${query}`)).toMatchObject({
      status: 400,
      body: { errors: [{ field }] },
    });
  });

  it.each<[string, number, HttpBody]>([
    ['no body', 422, { kind: 'none' }],
    ['a form', 415, { kind: 'form', text: 'email=a' }],
    ['text that is no JSON', 400, { kind: 'invalid_json' }],
    ['a list', 422, json([])],
    ['an unknown member', 422, json({ email: 'a@acme.test', admin: true })],
    ['a wrong member', 422, json({ email: ['a'] })],
  ])('refuses %s with %i', async (_what, status, content) => {
    expect((await call('POST', '/api/acme/-/users', { content })).status).toBe(status);
  });

  it('refuses a body where none is taken', async () => {
    expect((await call('GET', '/api/acme/-/users/a', { content: json({}) })).status).toBe(400);
  });

  it('notes every change before it is made and how it ended, secrets masked', async () => {
    const audit = new MemoryAuditLog(Date.now);
    const make = (email: string) =>
      call('POST', '/api/acme/-/users', { audit, content: json({ email, password: 'a secret of hers' }) });
    expect(await make('a@acme.test')).toMatchObject({ status: 201, headers: { location: '/x' } });
    expect(await make('taken@acme.test')).toMatchObject({ status: 409 });
    await expect(make('bug@acme.test')).rejects.toThrow('a bug');
    const entries = await audit.list({ tenant: 'acme', track: '-', limit: 10 });
    expect(entries.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['failed', undefined],
      ['refused', '409 There is one already.'],
      ['done', undefined],
    ]);
    expect(entries[2]?.changes).toEqual([
      {
        target: 'user',
        kind: 'created',
        fields: [
          { path: ['email'], before: undefined, after: 'a@acme.test' },
          { path: ['password'], before: undefined, after: '***' },
        ],
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('a secret');
  });

  it('changes nothing when the change cannot be noted, and says what is done when only its end cannot', async () => {
    const content = json({ email: 'a@acme.test' });
    const away = new MemoryAuditLog(Date.now);
    away.begin = () => Promise.reject(new StoreUnavailable('postgres', 'no connection'));
    expect(await call('POST', '/api/acme/-/users', { audit: away, content })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    });
    const late = new MemoryAuditLog(Date.now);
    late.end = () => Promise.reject(new StoreUnavailable('postgres', 'no connection'));
    expect((await call('POST', '/api/acme/-/users', { audit: late, content })).status).toBe(201);
  });
});
