import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeOf } from '@corsac/model';
import { ingressRoutes } from '@corsac/run/routes';
import { parse } from 'yaml';
import { repository } from '../world/world.js';

interface Rule {
  readonly service: string;
  readonly path: RegExp;
}

const read = (file: string): string => readFileSync(join(repository, 'deploy', file), 'utf8');

/** nginx takes the first location that matches. */
const composeRules = (): Rule[] =>
  [...read('compose/nginx.conf').matchAll(/location ~ "([^"]+)" \{ proxy_pass http:\/\/\$(\w+); \}/g)].map(
    ([, path = '', service = '']) => ({ service, path: new RegExp(path) }),
  );

interface Ingress {
  readonly spec: {
    readonly rules: readonly {
      readonly http: {
        readonly paths: readonly { readonly path: string; readonly backend: { readonly service: { name: string } } }[];
      };
    }[];
  };
}

/** ingress-nginx anchors the beginning, ignores case and takes the longest path that matches. */
const kubernetesRules = (): Rule[] => {
  const { spec } = parse(read('k8s/base/ingress.yaml')) as Ingress;
  return [...spec.rules[0]!.http.paths]
    .sort((one, other) => other.path.length - one.path.length)
    .map(({ path, backend }) => ({ service: backend.service.name, path: new RegExp(`^${path}`, 'i') }));
};

const realms = ['/acme/-', '/acme/account', '/acme/device'];
const parties = ['shop', 'shop(login,azure)', 'shop(*)', 'shop~login~', 'account', 'login', 'device', 'oauth', 'saml'];
const ends = [
  ...[
    'authorize',
    'endsession',
    'token',
    'userinfo',
    'introspect',
    'revoke',
    'par',
    'device_authorization',
    'else',
  ].map((end) => `oauth/${end}`),
  ...['authorizationresponse', 'endsessionresponse', 'frontchannellogout', 'backchannellogout'].map(
    (end) => `oauth/${end}`,
  ),
  ...['authn', 'logout', 'idpmetadata', 'acs', 'singlelogout', 'spmetadata', 'else'].map((end) => `saml/${end}`),
  ...['.well-known/openid-configuration', '.well-known/openid-configuration/keys', '.well-known/else'],
  ...['login', 'login/password', 'loginx', '', 'else'],
];

const paths = [
  ...realms.flatMap((realm) => parties.flatMap((party) => ends.map((end) => `${realm}/${party}/${end}`))),
  ...realms.flatMap((realm) => ends.map((end) => `${realm}/${end}`)),
  ...[
    '/api',
    '/control',
    '/assets',
    '/.well-known/oauth-authorization-server',
    '/outbox',
    '/health',
    '/metrics',
  ].flatMap((first) =>
    ['', '/', ...ends.map((end) => `/${end}`), ...ends.map((end) => `/acme/-/shop/${end}`)].map((rest) => first + rest),
  ),
  ...[
    '/',
    '/acme',
    '/acme/-',
    '/acme/-/account',
    '/acme/-/account/sessions',
    '/acme/-/device',
    '/health/ready',
    '/health/live',
  ],
];

const expected = (path: string): string | undefined => {
  const route = routeOf(path);
  return route?.embeddedOnly ? undefined : route?.service;
};

describe('the ingress, made from the list of routes', () => {
  it.each([
    ['compose', composeRules],
    ['Kubernetes', kubernetesRules],
  ] as const)('of %s sends every address where the list of routes does', (_name, rulesOf) => {
    const rules = rulesOf();
    expect(rules).toHaveLength(ingressRoutes().length);
    const answers = paths.map((path) => [path, rules.find((rule) => rule.path.test(path))?.service]);
    expect(answers).toEqual(paths.map((path) => [path, expected(path)]));
  });

  it('of compose has the very rules of the list, in its order: run node scripts/ingress.mjs', () => {
    const wanted = ingressRoutes().map(({ service, path }) => ({ service, path: new RegExp(path) }));
    expect(composeRules()).toEqual(wanted);
  });

  it.each(['/health/ready', '/health/live', '/metrics', '/outbox'])('hides %s', (path) => {
    for (const rules of [composeRules(), kubernetesRules()])
      expect(rules.some((rule) => rule.path.test(path))).toBe(false);
  });
});
