import { Router } from './router.js';

const patterns = [
  '/assets/:file',
  '/assets/style/:tenant/:track/:file',
  '/:tenant/:track/device',
  '/:tenant/:track/:party/login/:id',
  '/:tenant/:track/:party/oauth/token',
  '/:tenant/:track/.well-known/openid-configuration',
  '/:tenant/:track/:party/.well-known/openid-configuration',
  '/control/:',
  '/control/:tenant/:',
];
const router = new Router<string>();
for (const pattern of patterns) router.add('GET', pattern, pattern);
router.add('POST', '/:tenant/:track/device', 'post');
router.add('HEAD', '/assets/:file', 'head');

describe('router', () => {
  it.each([
    ['/acme/-/shop(login)/oauth/token', '/:tenant/:track/:party/oauth/token', 'acme - shop(login)'],
    ['/acme/-/device', '/:tenant/:track/device', 'acme -'],
    ['/acme/-/(login)/login/x', '/:tenant/:track/:party/login/:id', 'acme - (login) x'],
    ['/assets/once.js', '/assets/:file', 'once.js'],
    ['/assets/style/acme/-/style.css', '/assets/style/:tenant/:track/:file', 'acme - style.css'],
    ['/acme/-/.well-known/openid-configuration', patterns[5], 'acme -'],
    ['/acme/-/shop/.well-known/openid-configuration', patterns[6], 'acme - shop'],
    ['/control/', '/control/:', ''],
    ['/control/acme/', '/control/:tenant/:', 'acme'],
    // A name may be what another pattern has written out in its place.
    ['/assets/style/device', '/:tenant/:track/device', 'assets style'],
    ['/acme/-/device/oauth/token', '/:tenant/:track/:party/oauth/token', 'acme - device'],
    ['/acme/-/.well-known/oauth/token', '/:tenant/:track/:party/oauth/token', 'acme - .well-known'],
  ])('finds the route of %s', (path, route, values) => {
    const found = router.find('GET', path);
    expect(found).toMatchObject({ route });
    expect(Object.values((found as { params: object }).params).join(' ')).toBe(values);
  });

  it.each(['%28x%29', 'a%2Fb', '%2528', '%00'])('decodes %s once', (value) => {
    expect(router.find('GET', `/acme/-/${value}/oauth/token`)).toMatchObject({
      params: { party: decodeURIComponent(value) },
    });
  });

  it.each([
    ['/', 404],
    ['', 404],
    ['*', 404],
    ['/acme', 404],
    ['/control', 404],
    ['/control//', 404],
    ['/control/:', 404],
    ['/acme/-/device/', 404],
    ['/acme//device', 404],
    ['//acme/-/device', 404],
    ['acme/-/device', 404],
    ['http://elsewhere/acme/-/device', 404],
    ['/acme/-/Device', 404],
    ['/acme/-/%64evice', 404],
    ['/acme/-/shop/oauth/token/more', 404],
    ['/__proto__', 404],
    ['/acme/-/constructor', 404],
    [`/${'/'.repeat(30_000)}`, 404],
    ['/acme/-/%E0%A4%A/oauth/token', 400],
    ['/acme/%/device', 400],
    [`/acme/${'x'.repeat(2001)}/device`, 414],
  ])('answers %s with %d', (path, status) => {
    expect(router.find('GET', path)).toBe(status);
  });

  it('keeps methods apart, but lets GET answer HEAD where nobody else does', () => {
    expect(router.find('POST', '/acme/-/device')).toMatchObject({ route: 'post' });
    expect(router.find('POST', '/assets/once.js')).toBe(404);
    expect(router.find('HEAD', '/assets/once.js')).toMatchObject({ route: 'head' });
    expect(router.find('HEAD', '/acme/-/device')).toMatchObject({ route: '/:tenant/:track/device' });
    expect(router.find('FROB', '/acme/-/device')).toBe(404);
  });

  it('takes one route for an address', () => {
    expect(() => router.add('GET', '/:other/:names/device', 'x')).toThrow('two endpoints');
  });
});
