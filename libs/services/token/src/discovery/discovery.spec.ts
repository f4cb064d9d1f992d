import { X509Certificate } from 'node:crypto';
import { configurationChanged, configurationChangedNotice, readTrackKeys, rotateKeys } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { headerOf, shopHeaders, signedIn } from '../fixtures/sign-in-flow.js';
import { settingsWith, workerSecret } from '../fixtures/tracks.js';
import { base, basic, trackIssuerOfShop, World } from '../fixtures/world.js';

interface Jwk {
  readonly kid: string;
  readonly alg: string;
  readonly x5c?: string[];
}

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
  });
  afterAll(() => world.stop());

  const wellKnown = '.well-known/openid-configuration';
  const keysOf = async (track = 'acme/-'): Promise<Jwk[]> =>
    (await world.json(`/${track}/${wellKnown}/keys`)).body['keys'] as Jwk[];

  describe('Metadata, OIDC Discovery 3', () => {
    it.each([
      ['shop', 'shop'],
      ['shop(login)', 'shop(login)'],
      ['shop~login~', 'shop~login~'],
      ['shop.login.', 'shop.login.'],
      ['shop%28login%29', 'shop(login)'],
      ['shop(*)', 'shop(*)'],
    ])('of %s has the address without the well-known part as issuer', async (asked, issuer) => {
      const { status, body } = await world.json(`/acme/-/${asked}/${wellKnown}`);
      expect(status).toBe(200);
      expect(body['issuer']).toBe(`${trackIssuerOfShop}/${issuer}`);
      expect(body['token_endpoint']).toBe(`${trackIssuerOfShop}/${issuer}/oauth/token`);
      expect(body['jwks_uri']).toBe(`${trackIssuerOfShop}/${issuer}/${wellKnown}/keys`);
    });

    it('tells the truth about the client and no more', async () => {
      const shop = (await world.json(`/acme/-/shop/${wellKnown}`)).body;
      expect(shop['token_endpoint_auth_methods_supported']).toEqual(['client_secret_basic', 'client_secret_post']);
      expect(shop['request_uri_parameter_supported']).toBe(false);
      const worker = (await world.json(`/acme/-/worker/${wellKnown}`)).body;
      expect(worker['authorization_endpoint']).toBeUndefined();
      const spa = (await world.json(`/acme/-/spa/${wellKnown}`)).body;
      expect(spa['token_endpoint_auth_methods_supported']).toEqual(['none']);
    });

    it('lists the acr that every user of the address reaches', async () => {
      const shop = (await world.json(`/acme/-/shop(login)/${wellKnown}`)).body;
      expect(shop['acr_values_supported']).toEqual(['pwd']);
      const worker = (await world.json(`/acme/-/worker/${wellKnown}`)).body;
      expect(worker).not.toHaveProperty('acr_values_supported');
    });

    it('is the same document at the address of RFC 8414', async () => {
      const path = '/.well-known/oauth-authorization-server/acme/-/shop(login)';
      expect((await world.json(path)).body).toEqual((await world.json(`/acme/-/shop(login)/${wellKnown}`)).body);
    });

    it('of the track names its issuer, and nothing to sign in at', async () => {
      for (const path of [`/acme/-/${wellKnown}`, '/.well-known/oauth-authorization-server/acme/-']) {
        const { body } = await world.json(path);
        expect(body['issuer']).toBe(trackIssuerOfShop);
        expect(body['authorization_endpoint']).toBeUndefined();
      }
    });

    it.each([
      '/acme/-/Shop',
      '/acme/-/nobody',
      '/acme/nothing/shop',
      '/nobody/-/shop',
      '/acme/-/shop(',
      '/acme/-/shop(azure)',
    ])('is not there at %s', async (path) => {
      expect((await world.json(`${path}/${wellKnown}`)).status).toBe(404);
    });

    it('is kept by caches and answered with 304 to whoever has it', async () => {
      const first = await world.json(`/acme/-/shop/${wellKnown}`);
      expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
      const etag = first.headers.get('etag') as string;
      expect((await world.json(`/acme/-/shop/${wellKnown}`, { 'if-none-match': etag })).status).toBe(304);
      expect((await world.json(`/acme/-/shop/${wellKnown}`, { 'if-none-match': '"other"' })).status).toBe(200);
    });

    it('does not listen to request headers about where we are', async () => {
      const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
      expect((await world.json(`/acme/-/shop/${wellKnown}`, headers)).body['issuer']).toContain(base);
    });
  });

  describe('Key set, RFC 7517', () => {
    it('is one for the track and all its parties and bindings, and another for another track', async () => {
      const own = await keysOf();
      expect((await world.json(`/acme/-/shop(login)/${wellKnown}/keys`)).body['keys']).toEqual(own);
      expect((await keysOf('acme/other')).map(({ kid }) => kid)).not.toContain(own[0]?.kid);
    });

    it('shows public members only, with the certificate of RSA keys', async () => {
      const [key] = await keysOf();
      expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use', 'x5c']);
      const certificate = new X509Certificate(Buffer.from(key?.x5c?.[0] as string, 'base64'));
      expect(certificate.subject).toBe('CN=Corsac acme/-');
    });

    it('has an RS256 key for every track, and more where enabled', async () => {
      const name = 'acme/many';
      const settings = settingsWith({
        signing_algs: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        default_signing_alg: 'ES256',
      });
      world.tracks.set(name, { ...world.tracks.get('acme/-')!, settings });
      await world.rig
        .busOf('config')
        .publishDurable(configurationChanged, { number: 9, tenant: 'acme', track: 'many' }, 'c-9');
      await world.untilKeys(name);
      expect((await keysOf(name)).map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA', 'PS256', 'RS256']);
      const worker = { authorization: basic('worker', workerSecret) };
      const { body } = await world.post(`/${name}/worker/oauth/token`, { grant_type: 'client_credentials' }, worker);
      expect(headerOf(body.access_token)['alg']).toBe('ES256');
    });

    it('is not made on a request: a track that is met first is 503 for a moment, then there', async () => {
      const name = 'acme/new';
      world.tracks.set(name, world.tracks.get('acme/-')!);
      const worker = { authorization: basic('worker', workerSecret) };
      const ask = () => world.post(`/${name}/worker/oauth/token`, { grant_type: 'client_credentials' }, worker);
      const first = await ask();
      expect([first.status, first.body.error]).toEqual([503, 'temporarily_unavailable']);
      expect(first.headers.get('retry-after')).toBe('2');
      await world.untilKeys(name);
      expect((await ask()).status).toBe(200);
    });

    it('goes with the track: a removed one has no keys, and a new one of its name has others', async () => {
      const before = await keysOf('acme/other');
      await world.rig
        .busOf('config')
        .publishDurable(configurationChanged, { number: 10, tenant: 'acme', track: 'other', removed: true }, 'c-10');
      await world.untilKeys('acme/other');
      expect((await keysOf('acme/other')).map(({ kid }) => kid)).not.toContain(before[0]?.kid);
    });
  });

  describe('Rotation', () => {
    const rotate = (at_once: boolean) => world.rig.ask('config', rotateKeys, { tenant: 'acme', track: '-', at_once });
    const states = async (): Promise<string[]> => {
      const { keys } = await world.rig.ask('config', readTrackKeys, { tenant: 'acme', track: '-' });
      return keys.map(({ state }) => state).sort();
    };

    it('publishes the next key before it signs, then lets it sign; old tokens stay good', async () => {
      const { body } = await signedIn(world);
      const { rotated } = await rotate(false);
      expect(await states()).toEqual(['current', 'next']);
      expect((await keysOf()).map(({ kid }) => kid)).toContain(rotated[0]?.kid);
      expect(headerOf((await signedIn(world)).body.access_token)['kid']).not.toBe(rotated[0]?.kid);
      await rotate(true);
      expect(await states()).toEqual(['current', 'previous']);
      expect(headerOf((await signedIn(world)).body.access_token)['kid']).toBe(rotated[0]?.kid);
      const info = await world.json('/acme/-/shop/oauth/userinfo', { authorization: `Bearer ${body.access_token}` });
      expect(info.status).toBe(200);
    });

    it('ends with one signing key of an algorithm, however many ask at once', async () => {
      await Promise.all([rotate(false), rotate(false), rotate(false), rotate(false)]);
      expect((await states()).filter((state) => state === 'current')).toHaveLength(1);
      expect((await states()).filter((state) => state === 'next')).toHaveLength(1);
    });

    it('is refused for a track that is not there', async () => {
      const asked = await world.rig
        .busOf('config')
        .ask(rotateKeys, { tenant: 'acme', track: 'nothing', at_once: true });
      expect(asked).toMatchObject({ ok: false, error: { refusal: 'unknown_track' } });
    });

    it('never shows a private member on the bus', async () => {
      const { keys } = await world.rig.ask('config', readTrackKeys, { tenant: 'acme', track: '-' });
      expect(JSON.stringify(keys)).not.toMatch(/"(d|p|q|dp|dq|qi|sealed)":/);
    });
  });

  it('forgets metadata as soon as the configuration changed', async () => {
    const track = world.tracks.get('acme/-')!;
    const downParties = track.downParties.filter(({ name }) => name !== 'billing');
    expect((await world.json(`/acme/-/billing/${wellKnown}`)).status).toBe(200);
    world.tracks.set('acme/-', { ...track, version: 99, downParties });
    await world.rig
      .busOf('config')
      .publish(configurationChangedNotice, { changes: [{ number: 11, tenant: 'acme', track: '-' }] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await world.json(`/acme/-/billing/${wellKnown}`)).status).toBe(404);
    expect(shopHeaders.authorization).toMatch(/^Basic /);
  });
});
