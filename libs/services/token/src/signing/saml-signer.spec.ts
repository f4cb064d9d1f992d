import { X509Certificate } from 'node:crypto';
import { readTrackKeys, signSaml, signSamlLogout } from '@corsac/contracts';
import { acceptLogoutRequest, nameIdFormats, readSoap } from '@corsac/saml';
import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { verifyAs } from '../fixtures/saml-signatures.js';
import { settingsWith, shopTrack } from '../fixtures/tracks.js';
import { World } from '../fixtures/world.js';

describeWith('postgres', (databaseUrl) => {
  let world: World;
  beforeAll(async () => {
    const both = {
      ...(await shopTrack(testMasterKeys())),
      settings: settingsWith({ signing_algs: ['RS256', 'ES256'] }),
    };
    world = await World.start(databaseUrl, { tracks: { 'acme/-': both } });
  }, 60_000);
  afterAll(() => world?.rig.stop());

  const at = { tenant: 'acme', track: '-' };
  beforeAll(async () => {
    for (let tries = 0; tries < 400; tries += 1) {
      const { keys } = await world.rig.ask('authorize', readTrackKeys, at);
      if (new Set(keys.map(({ alg }) => alg)).size === 2) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }, 30_000);
  const keyOf = async (alg: string) => {
    const { keys } = await world.rig.ask('authorize', readTrackKeys, at);
    const key = keys.find((one) => one.alg === alg && one.state === 'current');
    return { kid: key?.kid, certificate: new X509Certificate(Buffer.from(key?.certificate as string, 'base64')) };
  };

  describe('SAML signatures by the keys of the track', () => {
    it.each([
      ['rsa-sha256', 'RS256'],
      ['rsa-sha384', 'RS256'],
      ['rsa-sha512', 'RS256'],
      ['rsa-pss-sha256', 'RS256'],
      ['ecdsa-sha256', 'ES256'],
    ] as const)('%s is made by the %s key, whose certificate verifies it', async (algorithm, alg) => {
      const bytes = Buffer.from('<a/>');
      const asked = { ...at, algorithm, bytes: bytes.toString('base64') };
      const { signature, kid } = await world.rig.ask('authorize', signSaml, asked);
      const key = await keyOf(alg);
      expect(kid).toBe(key.kid);
      expect(verifyAs(algorithm, bytes, key.certificate.publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    });

    it('refuses an algorithm that is not on the list', async () => {
      const asked = { ...at, algorithm: 'rsa-sha1' as never, bytes: 'AAAA' };
      expect((await world.rig.busOf('authorize').ask(signSaml, asked)).ok).toBe(false);
    });
  });

  describe('A LogoutRequest over SOAP, SAML Profiles 4.4.3.1', () => {
    const asked = {
      ...at,
      algorithm: 'rsa-sha256' as const,
      issuer: 'https://id.test/acme/-',
      destination: 'https://app.test/soap',
      name_id: { value: 'idp|u-7', format: nameIdFormats.persistent },
      session_index: 'sid-1',
    };

    it.each(['rsa-sha256', 'ecdsa-sha256'] as const)('is whole and signed by %s', async (algorithm) => {
      const { request_id, envelope } = await world.rig.ask('session', signSamlLogout, { ...asked, algorithm });
      const { certificate } = await keyOf(algorithm === 'ecdsa-sha256' ? 'ES256' : 'RS256');
      const accepted = acceptLogoutRequest(readSoap(envelope), {
        issuer: asked.issuer,
        destinations: [asked.destination],
        now: world.now,
        party: { keys: [certificate.publicKey] },
      });
      expect(accepted).toMatchObject({
        ok: true,
        value: { id: request_id, signed: true, name_id: asked.name_id, session_indexes: ['sid-1'] },
      });
    });

    it('is another request each time, good for five minutes', async () => {
      const one = await world.rig.ask('session', signSamlLogout, asked);
      const other = await world.rig.ask('session', signSamlLogout, asked);
      expect(one.request_id).not.toBe(other.request_id);
      const { certificate } = await keyOf('RS256');
      const late = acceptLogoutRequest(readSoap(one.envelope), {
        issuer: asked.issuer,
        destinations: [asked.destination],
        now: world.now + 361,
        party: { keys: [certificate.publicKey] },
      });
      expect(late).toMatchObject({ ok: false, error: { reason: 'expired' } });
    });

    it('is not made where there is no key yet', async () => {
      const answer = await world.rig.busOf('session').ask(signSamlLogout, { ...asked, track: 'nowhere' });
      expect(answer).toMatchObject({ ok: false, error: { refusal: 'key_not_ready' } });
    });

    it('says what the application calls the user, whatever stands in it', async () => {
      const value = 'a<b>&"\'\u00e9';
      const { envelope } = await world.rig.ask('session', signSamlLogout, { ...asked, name_id: { value } });
      const { certificate } = await keyOf('RS256');
      const accepted = acceptLogoutRequest(readSoap(envelope), {
        issuer: asked.issuer,
        destinations: [asked.destination],
        now: world.now,
        party: { keys: [certificate.publicKey] },
      });
      expect(accepted.ok && accepted.value.name_id.value).toBe(value);
    });
  });
});
