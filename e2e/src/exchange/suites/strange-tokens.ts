import {
  accessTokenType,
  askForToken,
  basic,
  claimsOf,
  refusedBy,
  saml2Type,
  tokenExchange,
  type Form,
} from '../exchange-request.js';
import type { ExchangePlace } from '../place.js';
import { base64url, signedAssertion, signXml, strangerIssuer, unsignedAssertion, type Said } from '../strangers.js';

const now = (): number => Math.floor(Date.now() / 1000);

/** Tokens of somebody who is trusted, and what is wrong with them. */
export const strangeTokenJourneys = (of: () => ExchangePlace): void => {
  const exchange = (subject_token: string, subject_token_type: string, { by = 'one', more = {} as Form } = {}) =>
    askForToken(
      of().world,
      `suspects/-/${by}`,
      { grant_type: tokenExchange, subject_token, subject_token_type, ...more },
      basic(by, of().secret('SUSPECTS')),
    );
  const refusal = async (work: () => ReturnType<typeof exchange>) => {
    const { status, body, logged } = await refusedBy(of().world, work);
    return { status, error: body.error, logged };
  };
  const refused = (reason: RegExp) => ({
    status: 400,
    error: 'invalid_request',
    logged: expect.stringMatching(reason) as string,
  });

  describe('tokens of a trusted issuer', () => {
    const brought = (token: string, by = 'one') => exchange(token, accessTokenType, { by });

    it('are taken when nothing is wrong with them, from a client that proves itself by its key as well', async () => {
      const { world, strangers } = of();
      const { body } = await brought(await strangers.accessToken());
      expect(claimsOf(body.access_token)).toMatchObject({
        sub: 'jwt|u-1',
        aud: 'api',
        auth_method_issuer: `jwt|${strangerIssuer}`,
      });
      const form = {
        grant_type: tokenExchange,
        subject_token: await strangers.accessToken(),
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await strangers.clientAssertion(`${world.base}/suspects/-/keyed`),
      };
      expect((await askForToken(world, 'suspects/-/keyed', form)).status).toBe(200);
    });

    it.each<[string, object, RegExp]>([
      ['expired', { exp: now() - 120 }, /expired/],
      ['not yet valid', { nbf: now() + 3600 }, /not_yet_valid|not valid yet/],
      ['without end', { exp: undefined }, /exp/],
      ['without subject', { sub: undefined }, /sub/],
      [
        'for another audience',
        { aud: 'somebody' },
        /of "https:\/\/stranger.example" for "somebody": jwt takes oauth2 tokens of "https:\/\/stranger.example" for "stranger-app"/,
      ],
      [
        'of another issuer',
        { iss: 'https://stranger.example/' },
        /of "https:\/\/stranger.example\/" for "stranger-app"/,
      ],
      ['for another actor', { may_act: { sub: 'somebody' } }, /may_act names another party/],
    ])('are refused when %s', async (_what, parts, reason) => {
      const token = await of().strangers.accessToken(parts);
      expect(await refusal(() => brought(token))).toEqual(refused(reason));
    });

    it('are refused as ID tokens, as logout tokens, and by another key', async () => {
      const { strangers } = of();
      const wrong: [string, RegExp][] = [
        [await strangers.accessToken({ nonce: 'n', at_hash: 'h' }, { typ: 'JWT' }), /not an access token/],
        [await strangers.accessToken({ events: {} }, { typ: 'logout+jwt' }), /typ/],
        [await strangers.accessToken({}, { byOther: true }), /signature/],
      ];
      for (const [token, reason] of wrong) expect(await refusal(() => brought(token))).toEqual(refused(reason));
    });

    it('are refused where two trusts match, which the log names', async () => {
      const token = await of().strangers.accessToken();
      expect(await refusal(() => brought(token, 'torn'))).toEqual(
        refused(/several up-parties match, jwt and jwt-twin: let the client/),
      );
    });

    it('give no more than the client has', async () => {
      const token = await of().strangers.accessToken({ scope: 'api.write' });
      const wider = await refusedBy(of().world, () =>
        exchange(token, accessTokenType, { more: { scope: 'api.write' } }),
      );
      expect([wider.body.error, wider.logged]).toEqual([
        'invalid_scope',
        expect.stringMatching(/of one have "api.write"/),
      ]);
      expect((await brought(token)).body['scope']).toBe('api.read');
    });
  });

  describe('assertions of a trusted identity provider', () => {
    const brought = (xml: string, by = 'one') => exchange(base64url(xml), saml2Type, { by });

    it('are taken when nothing is wrong with them, signed by another library', async () => {
      const { body } = await brought(signedAssertion());
      expect(claimsOf(body.access_token)).toMatchObject({ sub: 'saml|u-7', aud: 'api', act: { sub: 'c_one' } });
    });

    it.each<[string, Said, RegExp]>([
      ['expired', { not_before: -900, not_on_or_after: -300 }, /window: .*ended \d+ s ago/],
      ['not yet valid', { not_before: 900, not_on_or_after: 1200 }, /window: .*valid in \d+ s: a clock is wrong/],
      ['confirmed too long ago', { confirmed_until: -120 }, /confirmation: .*ended \d+ s ago/],
      [
        'for another recipient',
        { recipient: 'https://evil.example/acs' },
        /Recipient is "https:\/\/evil.example\/acs", expected "https:\/\/app.stranger.example\/acs"/,
      ],
      [
        'for another audience',
        { audience: 'urn:somebody' },
        /of "urn:stranger:idp" for "urn:somebody": saml takes saml2 tokens/,
      ],
      ['of another issuer', { issuer: 'urn:stranger' }, /of "urn:stranger" for "urn:stranger:app"/],
    ])('are refused when %s', async (_what, said, reason) => {
      expect(await refusal(() => brought(signedAssertion(said)))).toEqual(refused(reason));
    });

    it('are taken once, or again from the same client alone where the trust says so', async () => {
      const once = signedAssertion();
      expect((await brought(once)).status).toBe(200);
      expect(await refusal(() => brought(once))).toEqual(
        refused(/used before, and one_use of the up-party saml is on/),
      );
      const kept = signedAssertion({ audience: 'urn:stranger:kept', confirmed_until: -60 });
      expect((await brought(kept)).status).toBe(200);
      expect((await brought(kept)).status).toBe(200);
      expect(await refusal(() => brought(kept, 'other'))).toEqual(refused(/presented before by another client, one/));
    });

    it('are refused where two trusts match, which the log names', async () => {
      expect(await refusal(() => brought(signedAssertion(), 'torn'))).toEqual(
        refused(/several up-parties match, saml and saml-twin/),
      );
    });

    it('are refused without signature, changed, and wrapped around one that was signed', async () => {
      const good = signedAssertion({ id: '_good' });
      const signature = /<ds:Signature.*<\/ds:Signature>/s.exec(good)?.[0] ?? '';
      const evil = unsignedAssertion({ id: '_evil', name_id: 'admin' });
      const inAdvice = `<saml:Advice>${good}</saml:Advice>`;
      const wrong: [string, RegExp][] = [
        [evil, /signature/i],
        [good.replace('>u-7<', '>admin<'), /changed after it was signed/],
        // The signature of the good one in the evil one, and the good one within.
        [evil.replace('</saml:Issuer>', `</saml:Issuer>${signature}`), /signature|reference/i],
        [
          evil
            .replace('</saml:Issuer>', `</saml:Issuer>${signature}`)
            .replace('<saml:AuthnStatement', `${inAdvice}<saml:AuthnStatement`),
          /signature|reference|schema|Advice/i,
        ],
        [
          evil.replace(
            '</saml:Issuer>',
            `</saml:Issuer>${signature.replace('</ds:Signature>', `<ds:Object>${good}</ds:Object></ds:Signature>`)}`,
          ),
          /signature|reference|schema|Object/i,
        ],
        [
          signXml(
            `<saml:Wrapper xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_w"><saml:Issuer>x</saml:Issuer>${evil}</saml:Wrapper>`,
          ),
          /./,
        ],
        [`<!DOCTYPE a [<!ENTITY e "admin">]>${good}`, /DOCTYPE/],
      ];
      for (const [xml, reason] of wrong) expect(await refusal(() => brought(xml))).toEqual(refused(reason));
      // None of that spent the good one. A comment is no part of what is signed, and cuts no value short.
      const { body } = await brought(good.replace('>u-7<', '>u-<!-- -->7<'));
      expect(claimsOf(body.access_token)).toMatchObject({ sub: 'saml|u-7' });
      expect((await brought(good)).body.error).toBe('invalid_request');
    });
  });
};
