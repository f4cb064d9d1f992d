import type { World } from '../world/world.js';

/** What stands in the place of a name in the address, so that as much as possible of the endpoint is reached. */
const places: Readonly<Record<string, string>> = {
  ':tenant': 'acme',
  ':track': '-',
  ':id': 'x'.repeat(32),
  ':receipt': 'r1',
  ':kind': 'down_parties',
  ':name': 'shop',
  ':part': 'secrets',
  ':tab': 'parties',
  // An address that ends with a slash.
  ':': '',
};

const down = 'shop(login)';
const up = '(partner-oidc)';
const samlUp = '(partner-saml)';
const oauth = ':tenant/:track/:party/oauth';
const saml = ':tenant/:track/:party/saml';
const discovery = '.well-known/openid-configuration';
const authorizationServer = '.well-known/oauth-authorization-server';

/** Every endpoint that there is, with the party that it is tried with, and its track where that is another than the first. */
const parties: Readonly<Record<string, readonly [party?: string, track?: string]>> = {
  outbox: [],
  api: [],
  'api/openapi.json': [],
  'api/:tenant': [],
  'api/:tenant/:track': [],
  'api/:tenant/:track/:kind': [],
  'api/:tenant/:track/plan': [],
  'api/:tenant/:track/apply': [],
  'api/:tenant/:track/:kind/:name': [],
  'api/:tenant/:track/:kind/:name/:part': [],
  'api/:tenant/:track/:kind/:name/:part/:id': [],
  control: [],
  'control/:': [],
  'control/assets/:file': [],
  'control/:tenant': [],
  'control/:tenant/:': [],
  'control/:tenant/:track': [],
  'control/:tenant/:track/:': [],
  'control/:tenant/:track/:tab': [],
  'control/:tenant/:track/:tab/:kind': [],
  'control/:tenant/:track/:tab/:kind/:name': [],
  'control/:tenant/:track/:tab/:kind/:name/:part': [],
  'assets/:file': [],
  'assets/style/:tenant/:track/:file': [],
  ':tenant/:track/account': [],
  ':tenant/:track/account/logout/:id': [],
  ':tenant/:track/account/logout/:id/saml/:receipt': [],
  ':tenant/:track/account/reset-password/:token': [],
  ':tenant/:track/device': [],
  ':tenant/:track/:party/login/:id': ['(login)'],
  [`${oauth}/authorize`]: [down],
  [`${oauth}/endsession`]: [down],
  [`${oauth}/authorizationresponse`]: [up],
  [`${oauth}/endsessionresponse`]: [up],
  [`${oauth}/frontchannellogout`]: [up],
  [`${oauth}/backchannellogout`]: [up],
  [`${oauth}/token`]: [down],
  [`${oauth}/userinfo`]: [down],
  [`${oauth}/introspect`]: [down],
  [`${oauth}/revoke`]: [down],
  [`${oauth}/par`]: [down],
  [`${oauth}/device_authorization`]: [down],
  [`${saml}/authn`]: ['legacy-app(login)', 'legacy'],
  [`${saml}/logout`]: ['legacy-app(login)', 'legacy'],
  [`${saml}/initiate`]: ['legacy-app(login)', 'legacy'],
  [`${saml}/idpmetadata`]: ['legacy-app', 'legacy'],
  [`${saml}/acs`]: [samlUp],
  [`${saml}/singlelogout`]: [samlUp],
  [`${saml}/spmetadata`]: [samlUp],
  [`:tenant/:track/${discovery}`]: [],
  [`:tenant/:track/${discovery}/keys`]: [],
  [`:tenant/:track/:party/${discovery}`]: [down],
  [`:tenant/:track/:party/${discovery}/keys`]: [down],
  [`${authorizationServer}/:tenant/:track`]: [],
  [`${authorizationServer}/:tenant/:track/:party`]: [down],
};

export const knownPatterns = Object.keys(parties);

/** Path of an endpoint in the demo. */
export const pathOf = (pattern: string): string => {
  const [party = '', track = '-'] = parties[pattern] ?? [];
  const word = (part: string): string => {
    if (part === ':party') return party;
    if (part === ':track') return track;
    if (part === ':file') return pattern.includes('style') ? 'style.css' : 'once.js';
    if (part === ':token') return 'y'.repeat(43);
    return places[part] ?? part;
  };
  return `/${pattern.split('/').map(word).join('/')}`;
};

/** Parameters that endpoints read, with values that get far; the shop's address is the only one proven. */
export const usualParameters = (world: Pick<World, 'shop' | 'secrets'>): Readonly<Record<string, string>> => ({
  client_id: 'shop',
  client_secret: world.secrets['SHOP'] ?? '',
  redirect_uri: `${world.shop}/callback`,
  response_type: 'code',
  response_mode: 'query',
  scope: 'openid',
  state: 'state-of-application',
  nonce: 'nonce-of-application',
  code_challenge: 'a'.repeat(43),
  code_challenge_method: 'S256',
  grant_type: 'authorization_code',
  code: 'c'.repeat(43),
  code_verifier: 'v'.repeat(43),
  token: 't'.repeat(43),
  refresh_token: 'r'.repeat(43),
  id_token_hint: 'e30.e30.e30',
  logout_token: 'e30.e30.e30',
  post_logout_redirect_uri: `${world.shop}/`,
  SAMLRequest: 'PHg+PC94Pg==',
  SAMLResponse: 'PHg+PC94Pg==',
  RelayState: 'relay',
  form_token: 'f'.repeat(43),
  step: 'identifier',
  username: 'ada@example.com',
  password: 'not the password',
  user_code: 'BCDFGHJK',
  claims: '{}',
  max_age: '0',
  prompt: 'none',
});
