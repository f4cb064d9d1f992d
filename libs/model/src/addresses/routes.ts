/** The services that have an HTTP face. */
export type RoutedService = 'authorize' | 'token' | 'config';

/** Addresses of one kind and the service that answers them. */
export interface Route {
  readonly service: RoutedService;
  readonly kind: string;
  /** A regular expression on the whole path, in the common part of RE2, PCRE and JavaScript, for the embedded listener and the ingress alike. */
  readonly pattern: string;
  /** Only where all services run in one process. */
  readonly embeddedOnly?: true;
}

const realm = '/[^/]+/[^/]+';
const party = `${realm}/[^/]+`;
const wellKnown = '\\.well-known/openid-configuration';

/**
 * Who serves which address, spec 1. The first that matches counts: fixed first words stand before the addresses of tenants,
 * and no tenant can be called by one of them. The end of a party's address decides, whatever its name and binding.
 */
export const routes: readonly Route[] = [
  { service: 'config', kind: 'control_api', pattern: '^/api(/.*)?$' },
  { service: 'config', kind: 'console', pattern: '^/control(/.*)?$' },
  { service: 'config', kind: 'outbox', pattern: '^/outbox(/[^/]+)?$', embeddedOnly: true },
  { service: 'authorize', kind: 'assets', pattern: '^/assets/.+$' },
  { service: 'token', kind: 'oauth_metadata', pattern: `^/\\.well-known/oauth-authorization-server${realm}(/[^/]+)?$` },
  { service: 'token', kind: 'track_discovery', pattern: `^${realm}/${wellKnown}(/keys)?$` },
  { service: 'token', kind: 'discovery', pattern: `^${party}/${wellKnown}(/keys)?$` },
  {
    service: 'token',
    kind: 'oauth',
    pattern: `^${party}/oauth/(token|userinfo|introspect|revoke|par|device_authorization)$`,
  },
  { service: 'authorize', kind: 'oauth', pattern: `^${party}/oauth/(authorize|endsession)$` },
  {
    service: 'authorize',
    kind: 'oauth_up',
    pattern: `^${party}/oauth/(authorizationresponse|endsessionresponse|frontchannellogout|backchannellogout)$`,
  },
  { service: 'authorize', kind: 'saml', pattern: `^${party}/saml/(authn|initiate|logout|idpmetadata)$` },
  { service: 'authorize', kind: 'saml_up', pattern: `^${party}/saml/(acs|singlelogout|spmetadata)$` },
  { service: 'authorize', kind: 'device', pattern: `^${realm}/device$` },
  { service: 'authorize', kind: 'account', pattern: `^${realm}/account(/.*)?$` },
  { service: 'authorize', kind: 'login', pattern: `^${party}/login(/.*)?$` },
];

const compiled = routes.map((route) => ({ route, pattern: new RegExp(route.pattern) }));

/**
 * Finds the route of a path, or nothing: such an address does not exist.
 * @param path the path without query, encoded or decoded: no pattern depends on it
 */
export const routeOf = (path: string): Route | undefined => compiled.find(({ pattern }) => pattern.test(path))?.route;
