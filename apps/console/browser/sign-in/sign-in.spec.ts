import { challengeOf, claimsOf, randomText } from './encode.js';
import { isFresh, personOf, tokensOf } from './tokens.js';

const tokenOf = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

describe('PKCE, RFC 7636', () => {
  it('makes the challenge of appendix B', async () => {
    expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  it('makes verifiers of 43 characters, no two alike', () => {
    const made = Array.from({ length: 50 }, randomText);
    expect(new Set(made).size).toBe(50);
    for (const text of made) expect(text).toMatch(/^[\w-]{43}$/);
  });
});

describe('tokens of an administrator', () => {
  const answer = { access_token: 'a2', expires_in: 300 };

  it('keep what an answer does not renew', () => {
    expect(tokensOf(answer, { refresh_token: 'r1', id_token: 'i1' }, 1000)).toEqual({
      access_token: 'a2',
      refresh_token: 'r1',
      id_token: 'i1',
      expires_at: 1300,
    });
  });

  it('take a new refresh token: the one before is used up', () => {
    expect(tokensOf({ ...answer, refresh_token: 'r2' }, { refresh_token: 'r1' }, 0).refresh_token).toBe('r2');
  });

  it('are renewed half a minute before their end', () => {
    const tokens = tokensOf(answer, {}, 0);
    expect([269, 270, 400].map((now) => isFresh(tokens, now))).toEqual([true, false, false]);
  });

  it.each([
    ['corsac:tenant', ['corsac:tenant']],
    [['corsac:tenant.read', 7, ''], ['corsac:tenant.read']],
    [undefined, []],
  ])('tell the roles %j as %j', (role, roles) => {
    const access_token = tokenOf({ sub: 'u-1', role });
    expect(personOf({ access_token, id_token: '', expires_at: 0 })).toEqual({ sub: 'u-1', name: 'u-1', roles });
  });

  it('tell the name in any script', () => {
    const id_token = tokenOf({ name: 'Ådå 李', email: 'a@b.test' });
    expect(personOf({ access_token: tokenOf({}), id_token, expires_at: 0 }).name).toBe('Ådå 李');
  });

  it.each(['', 'x', 'a.%%%.c', `a.${Buffer.from('7').toString('base64url')}.c`])(
    'that are none tell nothing: %j',
    (text) => {
      expect(claimsOf(text)).toEqual({});
    },
  );
});
