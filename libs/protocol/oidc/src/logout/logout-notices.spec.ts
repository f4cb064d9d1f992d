import { generateSigningKey, signJwt, verificationKeyOf, type SigningKey } from '@corsac/jwt';
import { parseParameters } from '@corsac/oauth';
import { clientOf, issuers } from '../discovery/client.fixture.js';
import { frontchannelLogoutUrl, readFrontchannelLogout } from './frontchannel.js';
import { logoutEvent, logoutTokenClaims, logoutTokenTyp, verifyLogoutToken } from './logout-token.js';

const now = 1_800_000_000;

describe('front-channel logout, Front-Channel Logout 1.0', () => {
  const session = { issuer: issuers.party, sid: 's 1&2' };
  const query = 'iss=https%3A%2F%2Fid.example%2Facme%2F-%2Fapp%28login%29&sid=s+1%262';
  it.each([
    ['a client that did not ask', {}, undefined],
    ['a plain address', { frontchannel_logout_uri: 'https://app.example/out' }, `https://app.example/out?${query}`],
    [
      'an address with a query',
      { frontchannel_logout_uri: 'https://app.example/out?a=b%20c' },
      `https://app.example/out?a=b%20c&${query}`,
    ],
    [
      'a client that wants no session',
      { frontchannel_logout_uri: 'https://app.example/out', frontchannel_logout_session_required: false },
      'https://app.example/out',
    ],
  ])('%s', (_title, changes, url) => {
    expect(frontchannelLogoutUrl(clientOf(changes), session)).toBe(url);
  });

  const read = (raw: string) => readFrontchannelLogout(parseParameters(raw), ['https://op']);
  it('finds the session by issuer and sid', () => {
    expect(read('iss=https%3A%2F%2Fop&sid=s1')).toEqual({ ok: true, value: { iss: 'https://op', sid: 's1' } });
  });

  it.each([
    '',
    'iss=https%3A%2F%2Fop',
    'sid=s1',
    'iss=https%3A%2F%2Fop%2F&sid=s1',
    'iss=x&sid=s1',
    'iss=https%3A%2F%2Fop&sid=s1&sid=s2',
    'iss=%&sid=s',
  ])('refuses %p', (raw) => {
    expect(read(raw)).toMatchObject({ ok: false });
  });
});

describe('logout tokens, Back-Channel Logout 1.0 2.4 and 2.6', () => {
  let key: SigningKey;
  let stranger: SigningKey;
  beforeAll(async () => {
    key = await generateSigningKey('ES256');
    stranger = await generateSigningKey('ES256');
  });
  const good = logoutTokenClaims({ issuer: 'https://op', client_id: 'app', sub: 'ada', sid: 's1', jti: 'j', now });
  const verify = async (changes: object = {}, signer = key, typ = logoutTokenTyp) => {
    const token = await signJwt({ typ }, JSON.parse(JSON.stringify({ ...good, ...changes })) as object, signer);
    return verifyLogoutToken(token, {
      keys: [verificationKeyOf(key)],
      algs: ['ES256'],
      issuers: ['https://op'],
      client_id: 'app',
      now,
    });
  };

  it('ours say which session, live two minutes and have no nonce', () => {
    expect(good).toEqual({
      iss: 'https://op',
      aud: 'app',
      sub: 'ada',
      sid: 's1',
      jti: 'j',
      iat: now,
      exp: now + 120,
      events: { [logoutEvent]: {} },
    });
  });

  it('a good one names session and subject', async () => {
    expect(await verify()).toEqual({
      ok: true,
      value: { iss: 'https://op', jti: 'j', sub: 'ada', sid: 's1', remember_until: now + 180 },
    });
  });

  it.each([
    ['sub alone', { sid: undefined }, { sub: 'ada' }],
    ['sid alone', { sub: undefined }, { sid: 's1' }],
  ])('takes %s', async (_title, changes, named) => {
    const result = await verify(changes);
    expect(result).toMatchObject({ ok: true, value: named });
  });

  it.each(['JWT', ''])('takes typ %p of older providers', async (typ) => {
    expect(await verify({}, key, typ)).toMatchObject({ ok: true });
  });

  it.each([
    ['a nonce', { nonce: 'n' }, 'claim_invalid'],
    ['a null nonce', { nonce: null }, 'claim_invalid'],
    ['no event', { events: {} }, 'claim_invalid'],
    ['another event', { events: { 'http://schemas.openid.net/event/other': {} } }, 'claim_invalid'],
    ['an event that is no object', { events: { [logoutEvent]: true } }, 'claim_invalid'],
    ['events that are a list', { events: [logoutEvent] }, 'claim_invalid'],
    ['no events', { events: undefined }, 'claim_missing'],
    ['neither sub nor sid', { sub: undefined, sid: undefined }, 'claim_invalid'],
    ['a sid that is no text', { sid: 5 }, 'claim_invalid'],
    ['another issuer', { iss: 'https://op/' }, 'issuer_mismatch'],
    ['another audience', { aud: 'other' }, 'audience_mismatch'],
    ['no jti', { jti: undefined }, 'claim_missing'],
    ['no iat', { iat: undefined }, 'claim_missing'],
    ['no exp', { exp: undefined }, 'claim_missing'],
    ['too old', { iat: now - 661 }, 'too_old'],
    ['from the future', { iat: now + 61 }, 'not_yet_valid'],
    ['expired', { exp: now - 60 }, 'expired'],
  ])('refuses one with %s', async (_title, changes, code) => {
    expect(await verify(changes)).toMatchObject({ ok: false, error: { code } });
  });

  it('refuses an access token and a foreign signature', async () => {
    expect(await verify({}, key, 'at+jwt')).toMatchObject({ error: { code: 'typ_mismatch' } });
    expect(await verify({}, { ...stranger, kid: key.kid })).toMatchObject({ error: { code: 'signature_invalid' } });
  });
});
