import type { JsonObject } from '@corsac/jwt';
import { upPartySchema, type OidcUpParty } from '@corsac/model';
import { answerOf, type CheckedIdentity } from './answer-of-claims.js';

const now = 1_700_000_000;
const partyWith = (fields: object = {}): OidcUpParty =>
  upPartySchema.parse({ type: 'oidc', name: 'op', authority: 'https://op.example', ...fields }) as OidcUpParty;

const answer = (claims: JsonObject = {}, more: Partial<CheckedIdentity> = {}, party = partyWith()) => {
  const token_claims = { iss: 'https://op.example', sub: 'ada', ...claims };
  const made = answerOf(party, { id_token: 'a.b.c', token_claims, ...more }, now);
  if (!made.ok) throw new Error(made.error.error_description);
  return made.value;
};

describe('claims of a provider in the middle, spec 4', () => {
  it('have a subject that no other up-party can mean', () => {
    expect(answer().sub).toBe('op|ada');
    expect(answer({ sub: 'other|ada' }).sub).toBe('op|other|ada');
  });

  it('name the issuer beside the up-party', () => {
    expect(answer().claims['auth_method_issuer']).toBe('op|https://op.example');
  });

  it.each(['sid', 'auth_method', 'auth_method_type', 'up_party', 'up_party_type', 'sub_format', 'access_token'])(
    'have no %s of the provider',
    (type) => {
      expect(answer({ [type]: 'theirs' }).claims).not.toHaveProperty(type);
    },
  );

  it('have our own auth_method_issuer, whatever the provider says', () => {
    expect(answer({ auth_method_issuer: 'theirs' }).claims['auth_method_issuer']).toBe('op|https://op.example');
  });

  it('leave out what has no value', () => {
    expect(answer({ email: null }).claims).not.toHaveProperty('email');
  });

  it.each<[readonly string[], string | undefined]>([
    [['*'], undefined],
    [['email'], undefined],
    [['access_token'], 'op|secret'],
    [['*', 'access_token'], 'op|secret'],
  ])('with the list %j carry the access token as %p', (claims, expected) => {
    expect(answer({}, { access_token: 'secret' }, partyWith({ claims })).claims['access_token']).toBe(expected);
  });

  it('are those of UserInfo where that was read; how the user signed in is the ID token’s word', () => {
    const user_info = { sub: 'ada', email: 'a@b', acr: 'theirs', auth_time: 1 };
    const { claims, acr, auth_time } = answer({ role: 'x', acr: 'high', auth_time: 1_600_000_000 }, { user_info });
    expect(claims).toMatchObject({ email: 'a@b' });
    expect(claims).not.toHaveProperty('role');
    expect({ acr, auth_time }).toEqual({ acr: 'high', auth_time: 1_600_000_000 });
  });

  it.each<[unknown, number]>([
    [1_600_000_000, 1_600_000_000],
    [1_600_000_000.7, 1_600_000_000],
    [now + 86_400, now],
    ['1600000000', now],
    [-5, now],
    [undefined, now],
  ])('an auth_time of %p counts as %p', (auth_time, expected) => {
    expect(answer({ auth_time } as JsonObject).auth_time).toBe(expected);
  });

  it.each<[unknown, string[]]>([
    [
      ['pwd', 'otp'],
      ['pwd', 'otp'],
    ],
    ['pwd', ['pwd']],
    [['pwd', 5, ''], ['pwd']],
    [{ pwd: true }, []],
    [undefined, []],
  ])('an amr of %j counts as %j', (amr, expected) => {
    expect(answer({ amr } as JsonObject).amr).toEqual(expected);
  });

  it.each([[5], [''], [['high']]])('an acr of %j is none', (acr) => {
    expect(answer({ acr } as JsonObject)).not.toHaveProperty('acr');
  });

  it('keep what the logout needs: issuer, subject, session and the ID token while it is short', () => {
    expect(answer({ sid: 's1' }).upstream).toEqual({
      issuer: 'https://op.example',
      sub: 'ada',
      sid: 's1',
      id_token: 'a.b.c',
    });
    expect(answer({}, { id_token: 'x'.repeat(10_000) }).upstream).toHaveProperty('id_token');
    expect(answer({}, { id_token: 'x'.repeat(10_001) }).upstream).not.toHaveProperty('id_token');
    for (const sid of [5, '', 'x'.repeat(501)]) expect(answer({ sid }).upstream).not.toHaveProperty('sid');
  });

  it('are refused, not cut, when they are too large', () => {
    const made = answerOf(
      partyWith(),
      { id_token: '', token_claims: { iss: 'i', sub: 's', big: 'x'.repeat(200_001) } },
      now,
    );
    expect(made).toMatchObject({ ok: false, error: { error: 'server_error' } });
  });
});
