import { exportPublicJwk, type SigningKey } from '@corsac/jwt';
import { fail, ok } from '@corsac/outcome';
import type { OutboundClient } from '@corsac/outbound';
import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { clientAssertion, clientKey, jwtWith } from '../fixtures/proofs.js';
import { downParty, shopTrack } from '../fixtures/tracks.js';
import { trackIssuerOfShop, World } from '../fixtures/world.js';

const jwksUri = 'https://robot.example.com/jwks.json';

/** The client's own key set at an address, which can change or go away. */
class KeyAddress implements Pick<OutboundClient, 'get' | 'post'> {
  keys: SigningKey[] = [];
  isAway = false;
  asked = 0;

  get: OutboundClient['get'] = async (url) => {
    this.asked += 1;
    if (this.isAway || url !== jwksUri) return fail({ kind: 'unreachable', detail: 'away' });
    const json = { keys: this.keys.map(exportPublicJwk) };
    const body = Buffer.from(JSON.stringify(json));
    return ok({ status: 200, headers: {}, body, text: () => body.toString(), json: () => json, url });
  };

  post: OutboundClient['post'] = async () => fail({ kind: 'unreachable', detail: 'away' });
}

describeWith('postgres', (url) => {
  let world: World;
  let key: SigningKey;
  const address = new KeyAddress();
  beforeAll(async () => {
    key = await clientKey();
    address.keys = [key];
    const track = await shopTrack(testMasterKeys());
    const robot = {
      type: 'oauth2',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
    };
    track.downParties.push(
      downParty({ ...robot, name: 'robot', jwks: { keys: [exportPublicJwk(key)] } }),
      downParty({ ...robot, name: 'far', jwks_uri: jwksUri }),
    );
    world = await World.start(url, { tracks: { 'acme/-': track }, outbound: address });
  });
  afterAll(() => world.stop());

  let count = 0;
  const claims = (parts: object = {}, party = 'robot') => ({
    iss: party,
    sub: party,
    aud: `${trackIssuerOfShop}/${party}/oauth/token`,
    exp: world.now + 60,
    jti: `j-${(count += 1)}`,
    ...parts,
  });
  const ask = async (client_assertion: string, party = 'robot', form: Record<string, string> = {}) => {
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const { status, body } = await world.token(party, {
      grant_type: 'client_credentials',
      client_assertion,
      client_assertion_type,
      ...form,
    });
    return [status, body.error];
  };
  const good = [200, undefined];
  const refused = [401, 'invalid_client'];

  describe('private_key_jwt, RFC 7523 and OIDC Core 9', () => {
    it('proves a client by its key, with the endpoint or the issuer as audience', async () => {
      expect(await ask(await clientAssertion(key, claims()))).toEqual(good);
      expect(await ask(await clientAssertion(key, claims({ aud: `${trackIssuerOfShop}/robot` })))).toEqual(good);
    });

    it('counts once, also of 20 at the same time', async () => {
      const assertion = await clientAssertion(key, claims());
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(assertion)));
      expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
    });

    it.each([
      ['of another client', { iss: 'shop', sub: 'shop' }],
      ['about somebody else', { sub: 'shop' }],
      ['for somebody else', { aud: 'https://other.example' }],
      ['for another track', { aud: 'http://localhost:4400/acme/other/robot' }],
      ['that has expired', { exp: 1 }],
      ['that lives for a day', { exp: 4_000_000_000 }],
      ['without jti', { jti: undefined }],
      ['without end', { exp: undefined }],
    ])('refuses one %s', async (_what, parts) => {
      expect(await ask(await clientAssertion(key, claims(parts)))).toEqual(refused);
    });

    it('refuses one by another key, by no key, and one that brings its own', async () => {
      const other = await clientKey();
      expect(await ask(await clientAssertion(other, claims()))).toEqual(refused);
      const jwk = exportPublicJwk(other);
      expect(await ask(await jwtWith(other, { typ: 'JWT', jwk }, claims()))).toEqual(refused);
      const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.`;
      expect(await ask(none)).toEqual(refused);
    });

    it('refuses another type of assertion, and a type without assertion', async () => {
      const assertion = await clientAssertion(key, claims());
      expect(
        await ask(assertion, 'robot', {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
        }),
      ).toEqual(refused);
      expect(await ask('', 'robot')).toEqual(refused);
    });

    it('does not let such a client in with a secret', async () => {
      const form = { grant_type: 'client_credentials', client_id: 'robot', client_secret: 'x' };
      expect((await world.token('robot', form)).status).toBe(401);
    });
  });

  describe('Keys at an address of the client', () => {
    it('are read, kept, and read again for a new kid', async () => {
      expect(await ask(await clientAssertion(key, claims({}, 'far')), 'far')).toEqual(good);
      expect(await ask(await clientAssertion(key, claims({}, 'far')), 'far')).toEqual(good);
      expect(address.asked).toBe(1);
      const next = await clientKey();
      address.keys = [next];
      world.clock.advance(11);
      expect(await ask(await clientAssertion(next, claims({}, 'far')), 'far')).toEqual(good);
      expect(address.asked).toBe(2);
    });

    it('are not read for every unknown kid that somebody invents', async () => {
      const before = address.asked;
      for (let turn = 0; turn < 5; turn += 1)
        expect(await ask(await clientAssertion(await clientKey(), claims({}, 'far')), 'far')).toEqual(refused);
      expect(address.asked - before).toBeLessThanOrEqual(1);
    });

    it('serve on while the address is away', async () => {
      address.isAway = true;
      world.clock.advance(700);
      expect(await ask(await clientAssertion(address.keys[0] as SigningKey, claims({}, 'far')), 'far')).toEqual(good);
    });
  });
});
