import { describeWith } from '@corsac/testing/backing';
import { ControlWorld } from '../../fixtures/control-world.js';

const file = `
tenants:
  - name: acme
    tracks:
      - name: '-'
        settings:
          mail: { from_email: a@acme.test, smtp_host: mail.acme.test, smtp_password: the password of the mail server }
        up_parties:
          - { type: login, name: login }
          - { type: oidc, name: azure, authority: 'https://azure.test', client_secret: a secret of the provider above }
        down_parties:
          - type: oidc
            name: shop
            redirect_uris: ['https://shop.test/cb']
            allow_up_parties: [login, azure]
            secrets: [a secret of the shop and long enough]
            resource_scopes: [{ resource: orders, scopes: [read] }]
          - { type: oauth2, name: orders, resource: { scopes: [read] } }
      - name: master
        up_parties: [{ type: login, name: login }]
  - name: other
    tracks: [{ name: '-', up_parties: [{ type: login, name: login }] }]
`;
const secrets = [
  'the password of the mail server',
  'a secret of the provider above',
  'a secret of the shop and long enough',
];

describeWith('postgres', (url) => {
  let world: ControlWorld;
  beforeAll(async () => {
    world = await ControlWorld.start(url);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.begin(file));

  const shop = '/api/acme/-/down_parties/shop';
  const azure = '/api/acme/-/up_parties/azure';

  describe('A party', () => {
    it('is shown whole, of its secrets only the first characters', async () => {
      const { status, body, headers } = await world.call(shop);
      expect(status).toBe(200);
      expect(headers['etag']).toMatch(/^"/);
      expect(body).toMatchObject({
        name: 'shop',
        type: 'oidc',
        redirect_uris: ['https://shop.test/cb'],
        secrets: [{ info: 'a s' }],
      });
      expect((await world.call(azure)).body).toMatchObject({ client_secret: { info: 'a s' } });
    });

    it('keeps its secrets when it is put back as it was shown, or without them', async () => {
      for (const path of [shop, azure]) {
        const before = await world.store.read('acme', '-');
        const { body } = await world.call(path);
        expect(await world.call(path, { method: 'PUT', body })).toMatchObject({ status: 200, body });
        const { client_secret: _up, secrets: _down, ...rest } = body;
        expect(await world.call(path, { method: 'PUT', body: rest })).toMatchObject({ status: 200, body });
        expect((await world.store.read('acme', '-'))?.track).toEqual(before?.track);
      }
    });

    it('is changed only under the tag that was seen', async () => {
      const { headers, body } = await world.call(shop);
      const changed = { ...body, display_name: 'The shop' };
      const put = (etag: string) => world.call(shop, { method: 'PUT', body: changed, headers: { 'if-match': etag } });
      const first = await put(headers['etag']!);
      expect(first).toMatchObject({ status: 200, body: { display_name: 'The shop' } });
      expect(await put(headers['etag']!)).toMatchObject({ status: 412 });
      expect(await put(first.headers['etag']!)).toMatchObject({ status: 200 });
      expect((await world.call(shop, { method: 'DELETE', headers: { 'if-match': headers['etag']! } })).status).toBe(
        412,
      );
    });

    it('of twenty changes at once under one tag exactly one is made', async () => {
      const { headers, body } = await world.call(shop);
      const changes = Array.from({ length: 20 }, (_, at) =>
        world.call(shop, {
          method: 'PUT',
          body: { ...body, display_name: `Shop ${at}` },
          headers: { 'if-match': headers['etag']! },
        }),
      );
      const statuses = (await Promise.all(changes)).map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
    });

    it('is not made by PUT with a right that only covers changes', async () => {
      const body = { type: 'oauth2', resource: { scopes: ['read'] } };
      const put = (path: string, right: string) => world.call(path, { method: 'PUT', body, admin: { roles: [right] } });
      const fresh = '/api/acme/-/down_parties/fresh';
      expect(await put(fresh, 'corsac:tenant:track:party.update')).toMatchObject({ status: 403 });
      expect(await world.call(fresh)).toMatchObject({ status: 404 });
      expect(await put('/api/acme/-/down_parties/orders', 'corsac:tenant:track:party.update')).toMatchObject({
        status: 200,
      });
      expect(await put(fresh, 'corsac:tenant:track:party')).toMatchObject({ status: 201 });
    });

    it('is made once by POST, at its address by PUT, with 201 and its place', async () => {
      const api = { type: 'oauth2', name: 'stock', resource: { scopes: ['read'] } };
      const made = await world.call('/api/acme/-/down_parties', { method: 'POST', body: api });
      expect(made).toMatchObject({ status: 201, headers: { location: '/api/acme/-/down_parties/stock' } });
      expect(await world.call('/api/acme/-/down_parties', { method: 'POST', body: api })).toMatchObject({
        status: 409,
      });
      const { name: _name, ...unnamed } = api;
      const second = await world.call('/api/acme/-/down_parties/second', { method: 'PUT', body: unnamed });
      expect(second).toMatchObject({ status: 201, body: { name: 'second' } });
      expect(
        await world.call('/api/acme/-/down_parties/second', {
          method: 'PUT',
          body: unnamed,
          headers: { 'if-none-match': '*' },
        }),
      ).toMatchObject({ status: 412 });
    });

    it.each([
      ['an unknown setting', { color: 'red' }, 'color'],
      ['a bad redirect URI', { redirect_uris: ['javascript:alert(1)'] }, 'redirect_uris[0]'],
      ['an up-party that is not there', { allow_up_parties: ['login', 'nobody'] }, 'allow_up_parties[1]'],
      ['another name', { name: 'shop2' }, 'name'],
      ['another type', { type: 'saml2' }, 'type'],
      ['a secret among those that are kept', { secrets: ['one more secret of the shop'] }, 'secrets'],
      [
        'a hash as a secret',
        { secrets: [{ hash: '$argon2id$v=19$m=7168,t=5,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo' }] },
        'secrets',
      ],
    ])('is refused with %s, by the field', async (_what, wrong, field) => {
      const { body } = await world.call(shop);
      const refused = await world.call(shop, { method: 'PUT', body: { ...body, ...wrong } });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ field }] } });
      expect((await world.call(shop)).body).toEqual(body);
    });

    it('is not believed what it says is sealed', async () => {
      const { body } = await world.call(azure);
      const sealed = { sealed: 'v1.somebody.else', info: 'abc' };
      expect(await world.call(azure, { method: 'PUT', body: { ...body, client_secret: sealed } })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'client_secret' }] },
      });
      expect(
        await world.call(azure, {
          method: 'PUT',
          body: { ...body, client_secret: null, token_endpoint_auth_method: 'private_key_jwt' },
        }),
      ).toMatchObject({
        status: 200,
      });
      expect((await world.call(azure)).body).not.toHaveProperty('client_secret');
    });

    it('takes what refers to it along when it is renamed', async () => {
      expect(await world.call(`${azure}/rename`, { method: 'POST', body: { name: 'entra' } })).toMatchObject({
        status: 200,
      });
      expect((await world.call(shop)).body).toMatchObject({ allow_up_parties: ['login', 'entra'] });
      expect((await world.call(azure)).status).toBe(404);
      await world.call('/api/acme/-/down_parties/orders/rename', { method: 'POST', body: { name: 'order-api' } });
      expect((await world.call(shop)).body).toMatchObject({
        resource_scopes: [{ resource: 'order-api', scopes: ['read'] }],
      });
      expect(await world.call(`${shop}/rename`, { method: 'POST', body: { name: 'order-api' } })).toMatchObject({
        status: 409,
      });
    });

    it('is not removed while another one names it', async () => {
      expect(await world.call(azure, { method: 'DELETE' })).toMatchObject({ status: 422 });
      const { body } = await world.call(shop);
      await world.call(shop, { method: 'PUT', body: { ...body, allow_up_parties: ['login'] } });
      expect((await world.call(azure, { method: 'DELETE' })).status).toBe(204);
      expect((await world.call(azure, { method: 'DELETE' })).status).toBe(404);
    });

    it('stands in a list that is filtered and paged by names', async () => {
      const first = await world.call('/api/acme/-/down_parties?limit=1');
      expect(first.body).toMatchObject({ items: [{ name: 'orders' }], next: 'orders' });
      const second = await world.call('/api/acme/-/down_parties?limit=1&cursor=orders');
      expect(second.body).toEqual({ items: [expect.objectContaining({ name: 'shop' })] });
      expect((await world.call('/api/acme/-/down_parties?type=oauth2')).body).toMatchObject({
        items: [{ name: 'orders' }],
      });
      expect((await world.call('/api/acme/-/up_parties?filter=AZ')).body).toMatchObject({ items: [{ name: 'azure' }] });
    });
  });

  describe('A secret of a client', () => {
    it('is made here and told once, or taken as it is sent, and at most ten of them', async () => {
      const made = await world.call(`${shop}/secrets`, { method: 'POST', body: {} });
      expect(made).toMatchObject({
        status: 201,
        body: { secret: expect.stringMatching(/^made-1x+$/) as string, info: 'mad' },
      });
      const own = await world.call(`${shop}/secrets`, {
        method: 'POST',
        body: { secret: 'a second secret of the shop' },
      });
      expect(own.body).not.toHaveProperty('secret');
      const again = await world.call(`${shop}/secrets`, {
        method: 'POST',
        body: { secret: 'a second secret of the shop' },
      });
      expect(again.status).toBe(409);
      for (let more = 0; more < 7; more += 1) await world.call(`${shop}/secrets`, { method: 'POST', body: {} });
      expect((await world.call(`${shop}/secrets`, { method: 'POST', body: {} })).status).toBe(409);
      expect(((await world.call(`${shop}/secrets`)).body['items'] as unknown[]).length).toBe(10);
      const { id } = own.body as { id: string };
      expect((await world.call(`${shop}/secrets/${id}`, { method: 'DELETE' })).status).toBe(204);
      expect((await world.call(`${shop}/secrets/${id}`, { method: 'DELETE' })).status).toBe(404);
    });

    it('is refused when it is short, or the party is of a kind without secrets', async () => {
      expect(await world.call(`${shop}/secrets`, { method: 'POST', body: { secret: 'short' } })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'secret' }] },
      });
      expect((await world.call('/api/acme/-/down_parties/nobody/secrets')).status).toBe(404);
    });
  });

  describe('A track', () => {
    it('is made with a login, changed as a whole, and removed', async () => {
      const made = await world.call('/api/acme/test', { method: 'PUT', body: { display_name: 'Test' } });
      expect(made).toMatchObject({ status: 201, headers: { location: '/api/acme/test' }, body: { name: 'test' } });
      expect((await world.call('/api/acme/test/up_parties')).body).toMatchObject({ items: [{ name: 'login' }] });
      const put = await world.call('/api/acme/test', { method: 'PUT', body: { settings: { sequence_lifetime: 600 } } });
      expect(put).toMatchObject({ status: 200, body: { settings: { sequence_lifetime: 600 } } });
      expect((await world.call('/api/acme/test', { method: 'DELETE' })).status).toBe(204);
      expect((await world.call('/api/acme/test')).status).toBe(404);
    });

    it('keeps the password of its mail server when it is put back as it was shown', async () => {
      const { body } = await world.call('/api/acme/-');
      expect(body).toMatchObject({ settings: { mail: { smtp_password: { info: 'the' } } } });
      const before = await world.store.read('acme', '-');
      expect((await world.call('/api/acme/-', { method: 'PUT', body })).status).toBe(200);
      expect((await world.store.read('acme', '-'))?.track).toEqual(before?.track);
    });

    it.each([
      ['/api/acme/health', {}, 422],
      ['/api/nobody/test', {}, 404],
      ['/api/acme/-', { settings: { color: 'red' } }, 422],
      ['/api/acme/-', { up_parties: [] }, 422],
    ])('is refused at %s with %j: %i', async (path, body, status) => {
      expect((await world.call(path, { method: 'PUT', body })).status).toBe(status);
    });

    it('master stays', async () => {
      expect((await world.call('/api/acme/master', { method: 'DELETE' })).status).toBe(409);
    });
  });

  describe('A tenant', () => {
    const tenant = '/api/master/master/tenants/new';
    const administrator = { email: 'root@new.test', password: 'A-long-enough-1' };

    it('is made with a track master and its first administrator, renamed for people, and removed with its tracks', async () => {
      expect((await world.call(tenant, { method: 'PUT', body: {} })).body).toMatchObject({
        errors: [{ field: 'administrator' }],
      });
      expect((await world.call(tenant, { method: 'PUT', body: { administrator } })).status).toBe(201);
      expect((await world.call('/api/new')).body).toMatchObject({ tracks: { items: [{ name: 'master' }] } });
      expect((await world.call('/api/new', { method: 'PUT', body: { display_name: 'New' } })).body).toMatchObject({
        display_name: 'New',
      });
      expect((await world.call('/api/master/master/tenants')).body).toMatchObject({
        items: [{ name: 'acme' }, { name: 'new', display_name: 'New' }, { name: 'other' }],
      });
      expect((await world.call(tenant, { method: 'DELETE' })).status).toBe(204);
      expect((await world.call('/api/new')).status).toBe(404);
    });

    it.each(['master', 'api', 'UPPER', 'a b'])('cannot be called %s', async (name) => {
      const path = `/api/master/master/tenants/${encodeURIComponent(name)}`;
      const made = await world.call(path, { method: 'PUT', body: { administrator } });
      expect([404, 422]).toContain(made.status);
      expect((await world.store.tenants()).map((each) => each.name)).toEqual(['acme', 'other']);
    });
  });

  describe('What is done', () => {
    it('stands in the audit log before and after, without secrets', async () => {
      const { body } = await world.call(azure);
      await world.call(azure, { method: 'PUT', body: { ...body, client_secret: 'another secret of the provider' } });
      await world.call(`${shop}/secrets`, { method: 'POST', body: { secret: 'a second secret of the shop' } });
      const entries = await world.audit.list({ tenant: 'acme', track: '-', limit: 50 });
      expect(entries[1]).toMatchObject({ operation: 'putUpParty', outcome: 'done', actor: { sub: 'u-1' } });
      expect(entries[1]?.changes).toEqual([
        {
          target: 'up-party azure',
          kind: 'updated',
          fields: [{ path: ['client_secret'], before: '***', after: '***' }],
        },
      ]);
      const told = JSON.stringify([entries, world.noticed]);
      for (const secret of [...secrets, 'another secret', 'second secret']) expect(told).not.toContain(secret);
    });

    it('is told to the caches of every replica', async () => {
      const { body } = await world.call(shop);
      await world.call(shop, { method: 'PUT', body: { ...body, display_name: 'S' } });
      expect(world.noticed.at(-1)).toMatchObject({ changes: [{ tenant: 'acme', track: '-' }] });
    });
  });
});
