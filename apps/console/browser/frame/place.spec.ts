import { sameInTrack } from './place.js';

describe('choosing another track', () => {
  it.each([
    ['/acme/-/parties/down', '/acme/dev/parties/down'],
    ['/acme/-/parties/up/new/oidc', '/acme/dev/parties/up/new/oidc'],
    ['/acme/-/parties/up/azure', '/acme/dev/parties/up'],
    ['/acme/-/users/users/new', '/acme/dev/users/users/new'],
    ['/acme/-/logs/journeys/abc', '/acme/dev/logs/journeys'],
    ['/acme/-/settings', '/acme/dev/settings'],
    ['/acme/-', '/acme/dev/parties'],
  ])('at %s leads to %s', (path, there) => {
    expect(sameInTrack(path, 'dev')).toBe(there);
  });
});
