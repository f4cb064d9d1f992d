import { describeWith } from '@corsac/testing/backing';
import { ControlWorld } from '../../fixtures/control-world.js';

const file = `
tenants:
  - name: acme
    tracks:
      - name: '-'
        up_parties: [{ type: login, name: login }]
        down_parties:
          - type: oidc
            name: shop
            redirect_uris: ['https://shop.test/cb']
            allow_up_parties: [login]
            secrets: ['\${SHOP_SECRET}']
        users: [{ email: ada@example.com, password: Corsac-demo-1 }]
`;
const variables = { SHOP_SECRET: 'a secret of the shop and long enough' };
const files = [{ file: 'acme.yaml', text: file }];

describeWith('postgres', (url) => {
  let world: ControlWorld;
  beforeAll(async () => {
    world = await ControlWorld.start(url);
  });
  afterAll(() => world.stop());
  beforeEach(() =>
    world.begin('tenants: [{ name: acme, tracks: [{ name: old, up_parties: [{ type: login, name: login }] }] }]'),
  );

  const post = (what: 'plan' | 'apply', body: object) =>
    world.call(`/api/acme/master/${what}`, { method: 'POST', body: { files, variables, ...body } });

  describe('Declarative files over the API', () => {
    it('tell what they would change and change nothing, then change just that, then nothing more', async () => {
      const created = [
        { action: 'create', kind: 'track', track: '-' },
        { action: 'create', kind: 'up_party', track: '-', name: 'login' },
        { action: 'create', kind: 'down_party', track: '-', name: 'shop' },
      ];
      const planned = await post('plan', {});
      expect(planned).toMatchObject({ status: 200 });
      expect((planned.body['changes'] as object[]).length).toBe(created.length);
      expect(planned.body['changes']).toEqual(
        expect.arrayContaining(created.map((each) => expect.objectContaining(each) as object)),
      );
      expect((await world.call('/api/acme/-')).status).toBe(404);
      expect((await post('apply', {})).body).toEqual(planned.body);
      expect((await world.call('/api/acme/-/down_parties/shop')).body).toMatchObject({ secrets: [{ info: 'a s' }] });
      expect((await post('plan', {})).body).toEqual({ changes: [] });
    });

    it('remove what they do not have only when they are asked to', async () => {
      await post('apply', {});
      expect((await world.call('/api/acme/old')).status).toBe(200);
      const pruned = { changes: [{ action: 'delete', kind: 'track', track: 'old' }] };
      expect((await post('plan', { prune: true })).body).toEqual(pruned);
      expect((await world.call('/api/acme/old')).status).toBe(200);
      expect((await post('apply', { prune: true })).body).toEqual(pruned);
      expect((await world.call('/api/acme/old')).status).toBe(404);
    });

    it('come back as they were written, and planning that changes nothing', async () => {
      await post('apply', {});
      const { body } = await world.call('/api/acme/-/export');
      expect(body['file']).toBe('-.yaml');
      expect(String(body['text'])).toContain('name: shop');
      expect(String(body['text'])).not.toContain(variables.SHOP_SECRET);
      expect((await post('plan', { files: [body] })).body).toEqual({ changes: [] });
    });

    it.each([
      ['another tenant', 'tenants: [{ name: other, tracks: [] }]', 'acme.yaml:1:1'],
      ['a wrong setting', 'tenants: [{ name: acme, tracks: [{ name: a, settings: { color: red } }] }]', 'color'],
      [
        'a variable that was not sent',
        'tenants: [{ name: acme, display_name: "${NOT_SENT}", tracks: [] }]',
        'display_name',
      ],
      ['what is no YAML', 'tenants: [', 'acme.yaml:1'],
    ])('are refused with %s, at its place, and nothing is changed', async (_what, text, place) => {
      const refused = await post('apply', { files: [{ file: 'acme.yaml', text }] });
      expect(refused.status).toBe(422);
      expect(String(refused.body['detail'])).toContain(place);
      expect((await world.store.tenants()).map(({ name }) => name)).toEqual(['acme']);
    });

    it('never see variables of the server', async () => {
      const text = 'tenants: [{ name: acme, display_name: "${PATH}", tracks: [] }]';
      expect((await post('plan', { files: [{ file: 'a.yaml', text }] })).status).toBe(422);
    });

    it('are exported only by who may change the track', async () => {
      await post('apply', {});
      const refused = await world.call('/api/acme/-/export', { admin: { roles: ['corsac:tenant.read'] } });
      expect(refused.status).toBe(403);
    });

    it.each([
      ['plan', false, ['corsac:tenant.read'], 200],
      ['plan', false, ['corsac:tenant:track.read', 'corsac:tenant:track[master]:party'], 403],
      ['apply', false, ['corsac:tenant.read'], 403],
      ['apply', false, ['corsac:tenant.update'], 403],
      ['apply', false, ['corsac:tenant.update', 'corsac:tenant.create'], 200],
      ['apply', true, ['corsac:tenant.update', 'corsac:tenant.create'], 403],
      ['apply', true, ['corsac:tenant'], 200],
      ['apply', false, ['corsac:tenant:track'], 403],
    ] as const)('%s with prune %j by %j: %i', async (what, prune, roles, status) => {
      const sent = { method: 'POST', body: { files, variables, prune }, admin: { roles: [...roles] } };
      expect((await world.call(`/api/acme/master/${what}`, sent)).status).toBe(status);
    });

    it('stand in the audit log with what they changed', async () => {
      await post('apply', {});
      const [entry] = await world.audit.list({ tenant: 'acme', track: 'master', limit: 1 });
      expect(entry).toMatchObject({ operation: 'applyFiles', outcome: 'done' });
      expect(entry?.changes.map(({ target }) => target)).toContain('down-party shop of track -');
      expect(JSON.stringify(entry)).not.toContain(variables.SHOP_SECRET);
    });
  });
});
