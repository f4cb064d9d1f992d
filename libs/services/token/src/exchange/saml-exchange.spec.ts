import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { makeResponse, sendByPost, signBytes, type NewAssertion } from '@corsac/saml';
import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { claimsOf } from '../fixtures/sign-in-flow.js';
import { downParty, keptSecret, ordersSecret, shopTrack, upParty } from '../fixtures/tracks.js';
import { basic, trackIssuerOfShop, World, type TokenAnswer } from '../fixtures/world.js';
import { selfSignedCertificate } from '../keys/certificate.js';

const issuer = 'https://legacy.example.com/idp';
const recipient = 'https://legacy-app.example.com/acs';
const email = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = selfSignedCertificate(publicKey, privateKey, {
  commonName: 'legacy',
  notBefore: 0,
  notAfter: 4_000_000_000,
});

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    const keys = testMasterKeys();
    const track = await shopTrack(keys);
    const trust = {
      type: 'saml2',
      update_state: 'manual',
      issuers: [issuer],
      keys: [certificate],
      recipients: [recipient],
    };
    track.upParties.push(
      upParty({ ...trust, name: 'legacy' }),
      upParty({ ...trust, name: 'often', one_use: false, sp_issuer: 'urn:often', accept_confirmed: true }),
    );
    const exchanging = {
      type: 'oauth2',
      allow_up_parties: ['legacy', 'often'],
      grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      resource_scopes: [{ resource: 'billing', scopes: ['charge'] }],
      claims: [{ claim: 'email' }, { claim: 'auth_method' }, { claim: 'up_party' }],
      secrets: [await keptSecret(ordersSecret, keys)],
    };
    track.downParties.push(
      downParty({ ...exchanging, name: 'bridge' }),
      downParty({ ...exchanging, name: 'other-bridge' }),
    );
    world = await World.start(url, { tracks: { 'acme/-': track } });
  });
  afterAll(() => world.stop());

  const assertion = async (parts: Partial<NewAssertion> = {}, key = privateKey): Promise<string> => {
    const made: NewAssertion = {
      id: `_${randomUUID()}`,
      issuer,
      issued_at: world.now,
      name_id: { value: 'u-7', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
      audience: trackIssuerOfShop,
      recipient,
      confirmation_lifetime: 60,
      lifetime: 600,
      authn: {
        instant: world.now - 10,
        session_index: '_s',
        class_ref: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password',
      },
      attributes: [
        { name: email, values: ['ada@example.com'] },
        { name: 'http://schemas.foxids.com/identity/claims/upparty', values: ['login'] },
      ],
      ...parts,
    };
    const head = { id: '_r', issuer, issued_at: world.now, destination: recipient };
    const signer = {
      algorithm: 'rsa-sha256' as const,
      sign: async (algorithm: string, bytes: Uint8Array) => signBytes(algorithm, bytes, key) as Uint8Array,
    };
    const response = await makeResponse({ ...head, assertion: made }, { signer });
    const form = await sendByPost(response, {});
    const field = Object.values(form.fields).find((value) => value.length > 500) as string;
    const xml = Buffer.from(field, 'base64').toString();
    return xml.slice(xml.indexOf('<saml:Assertion'), xml.indexOf('</saml:Assertion>') + '</saml:Assertion>'.length);
  };

  const exchange = (subject_token: string, party = 'bridge'): Promise<TokenAnswer> =>
    world.token(
      party,
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:saml2',
        scope: 'billing.charge',
      },
      { authorization: basic(party, ordersSecret) },
    );
  const base64url = (xml: string): string => Buffer.from(xml).toString('base64url');

  describe('SAML 2.0 assertion to access token by trust, RFC 8693', () => {
    it('takes it as base64url and as XML; its subject is the one that a SAML sign-in gives', async () => {
      for (const token of [base64url(await assertion()), await assertion()]) {
        const { status, body } = await exchange(token);
        expect([status, body.error]).toEqual([200, undefined]);
        expect(claimsOf(body.access_token)).toMatchObject({
          sub: 'legacy|u-7',
          email: 'ada@example.com',
          auth_method: 'legacy',
          up_party: 'legacy',
          aud: 'billing',
          act: { sub: 'c_bridge' },
        });
      }
    });

    it('takes it once', async () => {
      const token = base64url(await assertion());
      const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(token)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('takes it again from the same client where the trust says so, never from another', async () => {
      const token = base64url(await assertion({ audience: 'urn:often' }));
      expect((await exchange(token)).status).toBe(200);
      expect((await exchange(token)).status).toBe(200);
      expect((await exchange(token, 'other-bridge')).body.error).toBe('invalid_request');
    });

    it('takes one whose confirmation is over only where the trust says so', async () => {
      const over = { confirmation_lifetime: 1, issued_at: world.now - 120 };
      expect((await exchange(base64url(await assertion({ ...over, audience: 'urn:often' })))).status).toBe(200);
      expect((await exchange(base64url(await assertion(over)))).body.error).toBe('invalid_request');
    });

    it.each([
      ['another issuer', { issuer: 'https://evil.example' }],
      ['another audience', { audience: 'https://evil.example' }],
      ['another recipient', { recipient: 'https://evil.example' }],
      ['an end that has passed', { lifetime: -120 }],
    ])('refuses one with %s', async (_what, parts) => {
      expect((await exchange(base64url(await assertion(parts)))).body.error).toBe('invalid_request');
    });

    it('refuses one by another key, a changed one, one without signature, and what is no assertion', async () => {
      const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const good = await assertion();
      const unsigned = good.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '');
      const others = [
        await assertion({}, stranger),
        good.replace('u-7', 'u-8'),
        unsigned,
        '<a/>',
        'x',
        '<!DOCTYPE a><a/>',
      ];
      for (const token of others) expect((await exchange(base64url(token))).body.error).toBe('invalid_request');
    });
  });
});
