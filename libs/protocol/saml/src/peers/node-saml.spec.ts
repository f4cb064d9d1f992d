import type { Profile, SamlConfig } from '@node-saml/node-saml';
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { certificateBase64, certificatePem } from '../../test/certificate.js';
import { rsaKey, signerOf } from '../../test/keys.js';
import { acs, assertion, idp, random, response, sp, sso } from '../../test/samples.js';
import { acceptAuthnRequest } from '../authn-request/accept-authn-request.js';
import { readPost } from '../bindings/read-post.js';
import { readRedirect } from '../bindings/read-redirect.js';
import { sendByPost, sendByRedirect } from '../bindings/send-message.js';
import { acceptLogoutRequest, acceptLogoutResponse } from '../logout/accept-logout.js';
import { makeLogoutRequest, makeLogoutResponse, statusOfLogout } from '../logout/make-logout.js';
import { readMetadata } from '../metadata/read-metadata.js';
import type { AssertionProtection, NewResponse } from '../response/make-response.js';
import { makeResponse } from '../response/make-response.js';

const idpKey = rsaKey();
const spKey = rsaKey();
const slo = 'https://sp.example/saml/slo';
const idpSlo = 'https://idp.example/saml/logout';
const now = Math.floor(Date.now() / 1000);
const skew = 120;

const peer = (config: Partial<SamlConfig> = {}): SAML =>
  new SAML({
    issuer: sp,
    callbackUrl: acs,
    logoutCallbackUrl: slo,
    entryPoint: sso,
    logoutUrl: idpSlo,
    idpIssuer: idp,
    idpCert: idpKey.publicPem,
    privateKey: spKey.privatePem,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
    ...config,
  });

const fresh: NewResponse = {
  ...response,
  issued_at: now,
  in_response_to: undefined,
  assertion: { ...assertion, issued_at: now, in_response_to: undefined, authn: { ...assertion.authn, instant: now } },
};

const expected = {
  issuer: sp,
  destinations: [sso, idpSlo],
  now,
  skew,
  party: { keys: [spKey.publicKey] },
  require_signed: true,
  acs_urls: [acs],
};

const queryOf = (url: string): string => url.slice(url.indexOf('?') + 1);
const valueOf = <T>(outcome: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

/** What the POST page of node-saml holds. */
const fieldOf = (form: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? '';

describe('node-saml asks us', () => {
  it('its signed AuthnRequest in a query is accepted', async () => {
    const url = await peer({ forceAuthn: true, passive: true, providerName: 'Sample' }).getAuthorizeUrlAsync(
      'state+&æ',
      undefined,
      {},
    );
    const accepted = acceptAuthnRequest(valueOf(readRedirect(queryOf(url))), expected);
    expect(accepted).toMatchObject({
      ok: true,
      value: {
        reply_to: acs,
        relay_state: 'state+&æ',
        signed: true,
        force_authn: true,
        is_passive: true,
        provider_name: 'Sample',
      },
    });
  });

  it('its signed AuthnRequest in a form is accepted', async () => {
    // SAML Bindings 3.5.4: a form is not compressed; this peer must be told.
    const asking = peer({
      skipRequestCompression: true,
      authnRequestBinding: 'HTTP-POST',
      racComparison: 'minimum',
      authnContext: ['urn:x'],
    });
    const form = await asking.getAuthorizeFormAsync('state');
    const incoming = valueOf(
      readPost({ SAMLRequest: fieldOf(form, 'SAMLRequest'), RelayState: fieldOf(form, 'RelayState') }),
    );
    expect(acceptAuthnRequest(incoming, expected)).toMatchObject({
      ok: true,
      value: {
        signed: true,
        relay_state: 'state',
        requested_authn_context: { comparison: 'minimum', class_refs: ['urn:x'] },
      },
    });
  });

  it('its request is refused when a byte of the query was changed, or under another key', async () => {
    const query = queryOf(await peer().getAuthorizeUrlAsync('state', undefined, {}));
    const altered = valueOf(readRedirect(query.replace('RelayState=state', 'RelayState=stale')));
    expect(acceptAuthnRequest(altered, expected)).toMatchObject({ ok: false, error: { reason: 'signature_invalid' } });
    const other = { ...expected, party: { keys: [idpKey.publicKey] } };
    expect(acceptAuthnRequest(valueOf(readRedirect(query)), other)).toMatchObject({
      error: { reason: 'signature_invalid' },
    });
  });

  it('its SHA-1 request is refused unless the party opted in', async () => {
    const query = queryOf(await peer({ signatureAlgorithm: 'sha1' }).getAuthorizeUrlAsync('', undefined, {}));
    const incoming = valueOf(readRedirect(query));
    expect(acceptAuthnRequest(incoming, expected)).toMatchObject({ error: { reason: 'algorithm_refused' } });
    const lax = { ...expected, party: { ...expected.party, policy: { allow_sha1: true } } };
    expect(acceptAuthnRequest(incoming, lax)).toMatchObject({ ok: true });
  });

  it('its metadata is read', () => {
    const xml = peer({ wantAssertionsSigned: true, decryptionPvk: spKey.privatePem }).generateServiceProviderMetadata(
      certificatePem,
      certificatePem,
    );
    expect(readMetadata(xml, { now })).toMatchObject({
      ok: true,
      value: {
        entity_id: sp,
        sp: {
          keys: [
            { use: 'signing', certificate: certificateBase64 },
            { use: 'encryption', certificate: certificateBase64 },
          ],
          want_assertions_signed: true,
          assertion_consumer_services: [{ location: acs }],
        },
      },
    });
  });
});

describe('node-saml checks our response', () => {
  const check = async (
    config: Partial<SamlConfig>,
    protection: AssertionProtection,
    signResponse: boolean,
    sent = fresh,
  ) => {
    const signer = signResponse ? signerOf(idpKey) : undefined;
    const { fields } = await sendByPost(await makeResponse(sent, protection), { signer });
    return peer(config).validatePostResponseAsync({ ...fields });
  };
  const user = {
    nameID: 'user-1',
    sessionIndex: '_session1',
    issuer: idp,
    role: ['admin', 'user & <b>"x"</b>', 'ære'],
  };

  it('accepts a signed response', async () => {
    expect(await check({ wantAuthnResponseSigned: true }, {}, true)).toMatchObject({ profile: user });
  });

  it('accepts a signed assertion', async () => {
    expect(await check({ wantAssertionsSigned: true }, { signer: signerOf(idpKey) }, false)).toMatchObject({
      profile: user,
    });
  });

  it('accepts both signed', async () => {
    const both = { wantAssertionsSigned: true, wantAuthnResponseSigned: true };
    expect(await check(both, { signer: signerOf(idpKey) }, true)).toMatchObject({ profile: user });
  });

  it.each(['A128GCM', 'A256GCM', 'A256CBC'] as const)(
    'accepts a signed assertion encrypted with %s',
    async (content) => {
      const protection = { signer: signerOf(idpKey), encrypt: { key: spKey.publicKey, random, content } };
      const config = { wantAssertionsSigned: true, decryptionPvk: spKey.privatePem };
      expect(await check(config, protection, true)).toMatchObject({ profile: user });
    },
  );

  it('accepts SHA-512, and refuses what was signed by somebody else', async () => {
    expect(await check({}, { signer: signerOf(idpKey, 'rsa-sha512') }, false)).toMatchObject({ profile: user });
    await expect(check({}, { signer: signerOf(spKey) }, false)).rejects.toThrow('Invalid signature');
  });

  it('accepts the answer to its own request, InResponseTo and all', async () => {
    const asking = peer({ validateInResponseTo: ValidateInResponseTo.always });
    const url = await asking.getAuthorizeUrlAsync('', undefined, {});
    const asked = valueOf(acceptAuthnRequest(valueOf(readRedirect(queryOf(url))), expected));
    const answer = { ...fresh, in_response_to: asked.id, assertion: { ...fresh.assertion!, in_response_to: asked.id } };
    const { fields } = await sendByPost(await makeResponse(answer), { signer: signerOf(idpKey) });
    expect(await asking.validatePostResponseAsync({ ...fields })).toMatchObject({ profile: user });
  });

  it('understands our error status', async () => {
    const status = {
      code: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
      sub_code: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed',
    };
    await expect(check({}, {}, true, { ...fresh, assertion: undefined, status })).rejects.toThrow(
      /Responder|AuthnFailed/,
    );
  });
});

describe('node-saml logs out', () => {
  const signer = signerOf(idpKey);
  const profile = {
    issuer: idp,
    nameID: 'user-1',
    nameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    sessionIndex: '_session1',
  };

  it('its LogoutRequest is accepted, and it accepts our answer', async () => {
    const asking = peer();
    const url = await asking.getLogoutUrlAsync(profile as Profile, 'state', {});
    const asked = valueOf(acceptLogoutRequest(valueOf(readRedirect(queryOf(url))), expected));
    expect(asked).toMatchObject({
      name_id: { value: 'user-1' },
      session_indexes: ['_session1'],
      relay_state: 'state',
      signed: true,
    });
    const answer = makeLogoutResponse({
      id: '_answer',
      issuer: idp,
      issued_at: now,
      destination: slo,
      in_response_to: asked.id,
      status: statusOfLogout('success'),
    });
    const back = queryOf(await sendByRedirect(answer, { signer, relay_state: 'state' }));
    const container = Object.fromEntries(new URLSearchParams(back));
    expect(await peer().validateRedirectAsync(container, back)).toMatchObject({ loggedOut: true });
    const form = await sendByPost(answer, { signer });
    expect(await peer().validatePostResponseAsync({ ...form.fields })).toMatchObject({ loggedOut: true });
  });

  it('it accepts our LogoutRequest, in a query and in a form, and its answer is accepted', async () => {
    const { name_id } = assertion;
    const request = makeLogoutRequest({
      id: '_logout1',
      issuer: idp,
      issued_at: now,
      destination: slo,
      name_id,
      session_indexes: ['_session1'],
    });
    const query = queryOf(await sendByRedirect(request, { signer }));
    const container = Object.fromEntries(new URLSearchParams(query));
    const got = await peer().validateRedirectAsync(container, query);
    expect(got).toMatchObject({ loggedOut: true, profile: { nameID: 'user-1', sessionIndex: '_session1' } });
    const form = await sendByPost(request, { signer });
    expect(await peer().validatePostRequestAsync({ ...form.fields })).toMatchObject({ loggedOut: true });

    const back = await peer().getLogoutResponseUrlAsync({ ...profile, ID: '_logout1' } as Profile, 'state', {}, true);
    const answer = acceptLogoutResponse(valueOf(readRedirect(queryOf(back))), {
      ...expected,
      pending_request_id: '_logout1',
    });
    expect(answer).toMatchObject({ ok: true, value: { result: 'success', signed: true } });
  });
});
