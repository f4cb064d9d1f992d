import { generateSigningKey, signingAlgs, signJwt, verificationKeyOf, type SigningKey } from '@corsac/jwt';
import { parseParameters, type Client } from '@corsac/oauth';
import { clientOf, issuers } from '../discovery/client.fixture.js';
import {
  checkEndSessionRequest,
  mustAskUser,
  postLogoutRedirect,
  verifyIdTokenHint,
  type EndSessionInput,
  type EndSessionRequest,
} from './end-session.js';
import { isIssuerOfParty } from './party-issuer.js';

const now = 1_800_000_000;
let key: SigningKey;
let stranger: SigningKey;
beforeAll(async () => {
  key = await generateSigningKey('ES256');
  stranger = await generateSigningKey('ES256');
});

describe('addresses of one party', () => {
  it.each([
    ['https://id.example/acme/-', true],
    ['https://id.example/acme/-/app', true],
    ['https://id.example/acme/-/app(login)', true],
    ['https://id.example/acme/-/app(login,azure)', true],
    ['https://id.example/acme/-/app(*)', true],
    ['https://id.example/acme/-/app~login~', true],
    ['https://id.example/acme/-/app.login.', true],
    ['https://id.example/acme/-/app2', false],
    ['https://id.example/acme/-/app-2(login)', false],
    ['https://id.example/acme/-/app(login', false],
    ['https://id.example/acme/-/app(login)x', false],
    ['https://id.example/acme/-/app/oauth', false],
    ['https://id.example/acme/-/', false],
    ['https://id.example/acme/other/app', false],
    ['https://evil.example/acme/-/app', false],
  ])('%s: %p', (issuer, is) => {
    expect(isIssuerOfParty(issuer, issuers.track, 'app')).toBe(is);
  });
});

describe('an ID token as hint, RP-Initiated Logout 1.0 2 and 4', () => {
  const good = { iss: issuers.party, sub: 'ada', aud: 'app', sid: 's1', iat: now - 1e7, exp: now - 1e7 + 3600 };
  const hintOf = async (changes: object = {}, signer = key, typ = 'JWT') =>
    signJwt({ typ }, JSON.parse(JSON.stringify({ ...good, ...changes })) as object, signer);
  const verify = async (hint: string | Promise<string>) =>
    verifyIdTokenHint(await hint, {
      client_id: 'app',
      keys: [verificationKeyOf(key)],
      algs: signingAlgs,
      isOurs: (issuer) => isIssuerOfParty(issuer, issuers.track, 'app'),
      now,
    });

  it('counts whatever its age', async () => {
    expect(await verify(hintOf())).toEqual({ ok: true, value: { iss: issuers.party, sub: 'ada', sid: 's1' } });
  });

  it.each([
    ['of another binding', { iss: 'https://id.example/acme/-/app(azure)' }],
    ['of the track', { iss: issuers.track }],
    ['without sid', { sid: undefined }],
    ['with a sid that is no text', { sid: 5 }],
    ['without times', { iat: undefined, exp: undefined }],
  ])('one %s is accepted', async (_title, changes) => {
    expect(await verify(hintOf(changes))).toMatchObject({ ok: true, value: { sub: 'ada' } });
  });

  it.each([
    ['of another party', { iss: 'https://id.example/acme/-/other(login)' }],
    ['of another track', { iss: 'https://id.example/acme/other/app(login)' }],
    ['for another client', { aud: 'other' }],
    ['without subject', { sub: undefined }],
    ['without issuer', { iss: undefined }],
  ])('one %s is not', async (_title, changes) => {
    expect(await verify(hintOf(changes))).toMatchObject({ ok: false });
  });

  it('an access token, a logout token, a foreign signature and nonsense are not', async () => {
    expect(await verify(hintOf({}, key, 'at+jwt'))).toMatchObject({ error: { code: 'typ_mismatch' } });
    expect(await verify(hintOf({}, key, 'logout+jwt'))).toMatchObject({ error: { code: 'typ_mismatch' } });
    expect(await verify(hintOf({}, { ...stranger, kid: key.kid }))).toMatchObject({
      error: { code: 'signature_invalid' },
    });
    expect(await verify('nonsense')).toMatchObject({ ok: false });
  });
});

const validHint = { ok: true, value: { iss: issuers.party, sub: 'ada', sid: 's1' } } as const;
const invalidHint = { ok: false, error: { code: 'signature_invalid', message: '' } } as const;
const check = (raw: string, input: Partial<EndSessionInput> = {}, changes: Partial<Client> = {}) =>
  checkEndSessionRequest({ parameters: parseParameters(raw), client: clientOf(changes), ...input });
const uri = 'post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye';

describe('the logout request, RP-Initiated Logout 1.0 2', () => {
  it('reads everything', () => {
    expect(check(`client_id=app&${uri}&state=st&ui_locales=da+en-GB+%3Cb%3E`, { hint: validHint })).toEqual({
      ok: true,
      value: {
        client_id: 'app',
        client_named: true,
        hint: 'valid',
        sub: 'ada',
        sid: 's1',
        post_logout_redirect_uri: 'https://app.example/bye',
        state: 'st',
        ui_locales: ['da', 'en-GB'],
      },
    });
  });

  it.each([
    ['nothing at all', '', {}, { hint: 'absent', client_named: false }],
    ['a hint that does not verify', uri, { hint: invalidHint }, { hint: 'invalid' }],
    [
      'a hint without sid',
      '',
      { hint: { ok: true, value: { iss: 'i', sub: 'ada' } } as const },
      { hint: 'valid', sub: 'ada' },
    ],
  ])('takes %s', (_title, raw, input, value) => {
    expect(check(raw, input)).toMatchObject({ ok: true, value });
  });

  it.each([
    ['an unregistered address', 'post_logout_redirect_uri=https%3A%2F%2Fevil.example'],
    ['a redirect URI of sign-in, when there are own ones', 'post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fcb'],
    ['an address that only begins like a registered one', `${uri}%2Fx`],
    ['another client', 'client_id=other'],
    ['a repeated parameter', `${uri}&${uri}`],
    ['an oversized state', `state=${'x'.repeat(2001)}`],
    ['broken escapes', 'state=%'],
  ])('refuses %s before anything is ended, even with a valid hint', (_title, raw) => {
    expect(check(raw, { hint: validHint })).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });

  it.each([{ post_logout_redirect_uris: [] }, { post_logout_redirect_uris: undefined }])(
    'without own addresses the redirect URIs of sign-in count: %j',
    (changes) => {
      expect(check('post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fcb', {}, changes)).toMatchObject({ ok: true });
      expect(check(uri, {}, changes)).toMatchObject({ ok: false });
    },
  );

  it('a client may insist on a valid hint', () => {
    const insist = { require_logout_id_token_hint: true };
    expect(check('', { hint: validHint }, insist)).toMatchObject({ ok: true });
    expect(check('', { hint: invalidHint }, insist)).toMatchObject({ ok: false });
    expect(check('', {}, insist)).toMatchObject({ ok: false });
  });
});

describe('whether the user is asked', () => {
  const request = (changes: Partial<EndSessionRequest> = {}): EndSessionRequest => ({
    client_id: 'app',
    client_named: false,
    hint: 'valid',
    sid: 's1',
    ui_locales: [],
    ...changes,
  });

  it.each([
    ['the hint names this session', {}, ['s0', 's1'], false],
    ['the hint names another session', {}, ['s2'], true],
    ['there is no session', {}, [], true],
    ['the hint has no sid', { sid: undefined }, ['s1'], true],
    ['the hint does not verify', { hint: 'invalid' as const }, ['s1'], true],
    ['there is no hint', { hint: 'absent' as const }, ['s1'], true],
  ])('if_required: %s', (_title, changes, sids, asked) => {
    expect(mustAskUser(request(changes), sids, 'if_required')).toBe(asked);
    expect(mustAskUser(request(changes), sids, 'always')).toBe(true);
    expect(mustAskUser(request(changes), sids, 'never')).toBe(false);
  });

  const back = { post_logout_redirect_uri: 'https://app.example/bye?a=1', state: 's&t' };
  it.each([
    ['with a valid hint', back, false, 'https://app.example/bye?a=1&state=s%26t'],
    ['with a valid hint and without state', { ...back, state: undefined }, false, 'https://app.example/bye?a=1'],
    ['never without an address', { post_logout_redirect_uri: undefined }, true, undefined],
    ['not without hint and name', { ...back, hint: 'absent' as const }, true, undefined],
    [
      'not without hint when the user was not asked',
      { ...back, hint: 'absent' as const, client_named: true },
      false,
      undefined,
    ],
    [
      'with name and agreement',
      { ...back, hint: 'absent' as const, client_named: true },
      true,
      'https://app.example/bye?a=1&state=s%26t',
    ],
    [
      'not with a hint that does not verify',
      { ...back, hint: 'invalid' as const, client_named: true },
      true,
      undefined,
    ],
  ])('the browser returns %s', (_title, changes, agreed, address) => {
    expect(postLogoutRedirect(request(changes), agreed)).toBe(address);
  });
});
