import { addressesOf } from './addresses.js';
import { dividedSettings, isSide, kindOf, kindsOf } from './kinds.js';

const where = { base: 'https://id.test', tenant: 'acme', track: '-' };
const labelled = (...args: Parameters<typeof addressesOf>) => Object.fromEntries(addressesOf(...args));

describe('addresses of a party', () => {
  it('of an OpenID Provider are known as soon as it has a name', () => {
    expect(labelled('up', { name: 'azure', type: 'oidc' }, where)).toEqual({
      'Redirect URI': 'https://id.test/acme/-/(azure)/oauth/authorizationresponse',
      'Post logout redirect URI': 'https://id.test/acme/-/(azure)/oauth/endsessionresponse',
      'Front-channel logout URI': 'https://id.test/acme/-/(azure)/oauth/frontchannellogout',
      'Back-channel logout URI': 'https://id.test/acme/-/(azure)/oauth/backchannellogout',
    });
    expect(addressesOf('up', { name: '', type: 'oidc' }, where)).toEqual([]);
  });

  it('follow the binding style', () => {
    const [redirect] = addressesOf('up', { name: 'azure', type: 'oidc', binding_style: 'dots' }, where);
    expect(redirect?.[1]).toBe('https://id.test/acme/-/.azure./oauth/authorizationresponse');
  });

  it('of a client say by whom its users sign in', () => {
    expect(labelled('down', { name: 'shop', type: 'oidc' }, { ...where, upParties: ['login'] })).toEqual({
      Authority: 'https://id.test/acme/-/shop(login)',
      'Client ID': 'shop',
      'Issuer of ID tokens': 'https://id.test/acme/-/shop(login)',
      Discovery: 'https://id.test/acme/-/shop(login)/.well-known/openid-configuration',
    });
  });

  it('name the track as issuer where the client is set so', () => {
    const shown = labelled('down', { name: 'shop', type: 'oidc', issuer: 'track' }, where);
    expect(shown['Issuer of ID tokens']).toBe('https://id.test/acme/-');
  });

  it('of an API are what it trusts', () => {
    const api = { name: 'orders', type: 'oauth2', resource: { scopes: ['read'] } };
    expect(labelled('down', api, where)).toEqual({
      'Issuer of access tokens': 'https://id.test/acme/-',
      Audience: 'orders',
      'Resource identifier': 'https://id.test/acme/-/orders',
    });
  });

  it.each(['up', 'down'] as const)('of SAML have an entity ID and metadata: %s', (side) => {
    expect(labelled(side, { name: 'legacy', type: 'saml2' }, where)).toMatchObject({
      'Entity ID': 'https://id.test/acme/-',
      Metadata: expect.stringContaining('metadata') as string,
    });
  });

  it('of a login and of a track link are nobody’s business', () => {
    expect(addressesOf('up', { name: 'login', type: 'login' }, where)).toEqual([]);
    expect(addressesOf('down', { name: 'link', type: 'track_link' }, where)).toEqual([]);
  });
});

describe('kinds of parties', () => {
  it('divide the settings without losing one', () => {
    const all = ['name', 'type', 'secrets', 'redirect_uris', 'claims', 'require_pkce'];
    expect(dividedSettings(kindOf('down', 'oidc')!, all)).toEqual({
      first: ['redirect_uris', 'claims'],
      advanced: ['require_pkce'],
    });
  });

  it('are those that the API has', () => {
    expect(
      kindsOf('down')
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['oauth2', 'oidc', 'saml2', 'track_link']);
    expect(
      kindsOf('up')
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['login', 'oauth2', 'oidc', 'saml2', 'track_link']);
    expect([isSide('up'), isSide('left'), isSide(undefined)]).toEqual([true, false, false]);
  });
});
