import {
  controlAddresses,
  downPartyAddresses,
  loginAddress,
  oidcUpPartyAddresses,
  parsePlace,
  partyIssuer,
  resourceIdentifier,
  routeOf,
  samlDownPartyAddresses,
  samlUpPartyAddresses,
  trackAddresses,
  trackIssuer,
  type RoutedService,
} from '../index.js';

const base = 'https://id.example.com';
const track = { base, tenant: 'acme', track: '-' };
const client = { ...track, party: 'shop', upParties: ['login', 'azure'] };
const up = { ...track, upParty: 'azure' };

describe('Issuers, spec 1', () => {
  it('are the address that a party was asked by: raw brackets, names in the order asked, no trailing slash', () => {
    expect(partyIssuer(client)).toBe('https://id.example.com/acme/-/shop(login,azure)');
    expect(partyIssuer({ ...client, upParties: ['azure', 'login'] })).toBe(
      'https://id.example.com/acme/-/shop(azure,login)',
    );
    expect(partyIssuer({ ...client, upParties: undefined })).toBe('https://id.example.com/acme/-/shop');
    expect(partyIssuer({ ...client, upParties: ['*'] })).toBe('https://id.example.com/acme/-/shop(*)');
  });

  it('keep the style in which they were asked', () => {
    expect(partyIssuer({ ...client, style: 'tildes' })).toBe('https://id.example.com/acme/-/shop~login,azure~');
    expect(partyIssuer({ ...client, style: 'dots' })).toBe('https://id.example.com/acme/-/shop.login,azure.');
  });

  it('have no slash doubled by a base URL that ends with one', () => {
    expect(trackIssuer({ ...track, base: 'https://id.example.com/' })).toBe('https://id.example.com/acme/-');
  });

  it('stay the same when a strict client reads them back as an address', () => {
    for (const issuer of [partyIssuer(client), partyIssuer({ ...client, style: 'tildes' }), trackIssuer(track)]) {
      expect(new URL(issuer).href).toBe(issuer);
    }
  });

  it('are the metadata address without the well-known part', () => {
    for (const addresses of [downPartyAddresses(client), trackAddresses(track)]) {
      expect(addresses.discovery).toBe(`${addresses.issuer}/.well-known/openid-configuration`);
      expect(addresses.oauth_metadata).toBe(
        addresses.issuer.replace(base, `${base}/.well-known/oauth-authorization-server`),
      );
    }
  });

  it('name a resource below the track', () => {
    expect(resourceIdentifier(track, 'orders')).toBe('https://id.example.com/acme/-/orders');
  });
});

const token = Object.values(downPartyAddresses(client)).slice(1);

describe('Addresses, spec 1', () => {
  const expected: [RoutedService, string][] = [
    ...token.map((address): [RoutedService, string] => [
      /authorize$|endsession$/.test(address) ? 'authorize' : 'token',
      address,
    ]),
    ['token', trackAddresses(track).discovery],
    ['token', trackAddresses(track).jwks_uri],
    ['token', trackAddresses(track).oauth_metadata],
    ['authorize', trackAddresses(track).device],
    ['authorize', trackAddresses(track).account],
    ['authorize', `${trackAddresses(track).account}/password`],
    ...Object.values(samlDownPartyAddresses(client)).map((address): [RoutedService, string] => ['authorize', address]),
    ...Object.values(oidcUpPartyAddresses(up)).map((address): [RoutedService, string] => ['authorize', address]),
    ...Object.values(samlUpPartyAddresses({ ...up, style: 'dots' })).map((address): [RoutedService, string] => [
      'authorize',
      address,
    ]),
    ['authorize', loginAddress(up)],
    ['authorize', `${loginAddress(up)}/password`],
    ['authorize', `${base}/assets/site.css`],
    ['config', controlAddresses(base).console],
    ['config', `${controlAddresses(base).api}/acme/-/down-parties/shop`],
    ['config', controlAddresses(base).outbox],
  ];

  it.each(expected)('%s serves %s', (service, address) => {
    expect(routeOf(new URL(address).pathname)?.service).toBe(service);
  });

  it.each(expected)('%s finds %s also when it comes encoded', (service, address) => {
    const path = new URL(address).pathname.replace(/\(/g, '%28').replace(/\)/g, '%29').replace(/,/g, '%2C');
    expect(routeOf(path)?.service).toBe(service);
  });

  it.each([
    '/',
    '/acme',
    '/acme/-',
    '/acme/-/shop',
    '/acme/-/shop/oauth',
    '/acme/-/shop/oauth/Token',
    '/acme/-/shop/oauth/token/',
    '/acme/-/shop/oauth/token/x',
    '/x/acme/-/shop/oauth/token',
    '/acme/-/shop/.well-known/other',
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/acme',
    '/metrics',
    '/health/live',
    '/controlx',
    '/apiary',
    '/assets/',
    '/outbox/a/b',
  ])('nobody serves %s', (path) => {
    expect(routeOf(path)).toBeUndefined();
  });

  it('gives the API every path below its own, whatever it ends with', () => {
    expect(routeOf('/api/acme/-/oauth/token')?.kind).toBe('control_api');
  });
});

const read = (target: string) => {
  const place = parsePlace(target);
  if (!place.ok) return place.error;
  const { tenant, track: name, partyPath, rest } = place.value;
  return [tenant, name, partyPath?.party, partyPath?.upParties?.join(','), rest.join('/')];
};

describe('Path of a request', () => {
  it.each([
    ['/acme/-/shop(login)/oauth/authorize?x=/y', ['acme', '-', 'shop', 'login', 'oauth/authorize']],
    ['/acme/-/shop%28login%2Cazure%29/oauth/token', ['acme', '-', 'shop', 'login,azure', 'oauth/token']],
    [
      '/acme/-/shop/.well-known/openid-configuration/keys',
      ['acme', '-', 'shop', undefined, '.well-known/openid-configuration/keys'],
    ],
    ['/acme/-/(azure)/saml/acs', ['acme', '-', undefined, 'azure', 'saml/acs']],
    ['/acme/-/.azure./oauth/backchannellogout', ['acme', '-', undefined, 'azure', 'oauth/backchannellogout']],
    ['/acme/-', ['acme', '-', undefined, undefined, '']],
    ['/acme/-/device', ['acme', '-', undefined, undefined, 'device']],
    ['/acme/-/account', ['acme', '-', undefined, undefined, 'account']],
    ['/acme/-/account/password', ['acme', '-', undefined, undefined, 'account/password']],
    ['/acme/-/account/oauth/token', ['acme', '-', 'account', undefined, 'oauth/token']],
    [
      '/acme/-/device/.well-known/openid-configuration',
      ['acme', '-', 'device', undefined, '.well-known/openid-configuration'],
    ],
    [
      '/acme/-/.well-known/openid-configuration',
      ['acme', '-', undefined, undefined, '.well-known/openid-configuration'],
    ],
    [
      '/.well-known/oauth-authorization-server/acme/-',
      ['acme', '-', undefined, undefined, '.well-known/oauth-authorization-server'],
    ],
    [
      '/.well-known/oauth-authorization-server/acme/-/shop(login)',
      ['acme', '-', 'shop', 'login', '.well-known/oauth-authorization-server'],
    ],
    ['/%61cme/-/shop', ['acme', '-', 'shop', undefined, '']],
  ])('%s is read', (target, parts) => {
    expect(read(target)).toEqual(parts);
  });

  it.each([
    '',
    'acme/-/shop',
    '/',
    '/acme',
    '/acme/',
    '//acme/-/shop',
    '/acme//shop',
    '/acme/-/shop/',
    '/Acme/-/shop',
    '/acme/-/Shop/oauth/token',
    '/acme/-/shop%2Foauth/token',
    '/acme/-/shop%5Coauth/token',
    '/acme/-/shop%252Foauth/token',
    '/acme/-/shop%2528login%2529/oauth/token',
    '/acme/-/%2e%2e/oauth/token',
    '/acme/-/../oauth/token',
    '/acme/-/./oauth/token',
    '/acme/-/shop%00/oauth/token',
    '/acme/-/shop%0a/oauth/token',
    '/acme/-/shop%/oauth/token',
    '/acme/-/shop%ff/oauth/token',
    '/acme/-/shop(login/oauth/token',
    '/acme/-/shop;login;/oauth/token',
    '/acme/-/account(x/oauth/token',
    '/ acme/-/shop',
    '/acme%20/-/shop',
    '/.well-known/oauth-authorization-server/acme',
    '/.well-known/oauth-authorization-server/acme/-/shop/x',
    '/.well-known/oauth-authorization-server/acme/-/Shop',
    `/acme/-/${'a'.repeat(2000)}`,
  ])('%s is refused', (target) => {
    expect(read(target)).toBe('malformed');
  });

  it('is the same place that the address was made of', () => {
    for (const style of ['brackets', 'tildes', 'dots'] as const) {
      const address = downPartyAddresses({ ...client, style }).token_endpoint;
      expect(read(new URL(address).pathname)).toEqual(['acme', '-', 'shop', 'login,azure', 'oauth/token']);
    }
  });
});
