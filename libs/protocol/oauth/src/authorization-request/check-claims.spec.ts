import { parseClaimsRequest } from './check-claims.js';

describe('the claims parameter, OIDC Core 5.5', () => {
  it('reads the example of OIDC Core 5.5', () => {
    const text = JSON.stringify({
      userinfo: {
        given_name: { essential: true },
        nickname: null,
        email: { essential: true },
        picture: null,
      },
      id_token: {
        auth_time: { essential: true },
        acr: { values: ['urn:mace:incommon:iap:silver'] },
        sub: { value: 'ada' },
      },
    });
    expect(parseClaimsRequest(text)).toEqual({
      ok: true,
      value: {
        userinfo: { given_name: { essential: true }, nickname: {}, email: { essential: true }, picture: {} },
        id_token: {
          auth_time: { essential: true },
          acr: { values: ['urn:mace:incommon:iap:silver'] },
          sub: { value: 'ada' },
        },
      },
    });
  });

  it.each([
    ['{}', {}],
    ['{"userinfo":null}', {}],
    ['{"other":{"x":1}}', {}],
    ['{"userinfo":{"name":{"unknown":true,"essential":false}}}', { name: { essential: false } }],
  ])('ignores what it does not understand in %s', (text, userinfo) => {
    expect(parseClaimsRequest(text)).toEqual({ ok: true, value: { userinfo, id_token: {} } });
  });

  it.each([
    '',
    'x',
    '[]',
    'null',
    '"{}"',
    '{"userinfo":[]}',
    '{"userinfo":"name"}',
    '{"id_token":5}',
    '{"userinfo":{"name":true}}',
    '{"userinfo":{"name":"x"}}',
    '{"userinfo":{"name":[]}}',
    '{"userinfo":{"name":{"essential":"yes"}}}',
    '{"userinfo":{"name":{"values":"x"}}}',
    `{"userinfo":{"name":{"values":[${Array.from({ length: 51 }, () => 1).join()}]}}}`,
    `{"userinfo":{"${'n'.repeat(101)}":null}}`,
    '{"userinfo":{"__proto__":{}}}',
    `{"userinfo":{${Array.from({ length: 101 }, (_, i) => `"c${i}":null`).join()}}}`,
  ])('refuses %s', (text) => {
    expect(parseClaimsRequest(text)).toMatchObject({ ok: false });
  });
});
