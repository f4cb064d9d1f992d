import { callback, password, secret, username } from '../setup.js';

export type Alg = 'RS256' | 'ES256';

/** Addresses of the SAML application, which nobody asks. */
export const samlAcs = 'http://localhost:4499/acs';
export const samlIssuer = 'urn:bench:saml-app';

const login = { type: 'login', name: 'login' };
const users = [{ email: username, password, claims: { given_name: 'Ada', family_name: 'Lovelace' } }];

const linkUp = (name: string, track: string): object => ({
  type: 'track_link',
  name,
  to_down_track_name: track,
  to_down_party_name: `from-${name}`,
});

const linkDown = (name: string, track: string, allowed: string): object => ({
  type: 'track_link',
  name: `from-${name}`,
  to_up_track_name: track,
  to_up_party_name: name,
  allow_up_parties: [allowed],
});

/** Every way to sign in, and a trust for the exchange of SAML tokens. */
const nearUpParties = (base: string, home: string): object[] => [
  login,
  linkUp('one', `${home}-d`),
  linkUp('three', `${home}-b`),
  {
    type: 'oidc',
    name: 'interconnect',
    authority: `${base}/bench/${home}-d/client(login)`,
    client_id: 'client',
    client_secret: secret,
    scopes: ['email'],
  },
  {
    type: 'saml2',
    name: 'saml',
    metadata_url: `${base}/bench/${home}-d/sp(login)/saml/idpmetadata`,
    issuers: [`${base}/bench/${home}-d`],
    authn_request_binding: 'redirect',
    authn_response_binding: 'post',
  },
  {
    type: 'saml2',
    name: 'trust',
    user_authentication: false,
    metadata_url: `${base}/bench/${home}/saml-app/saml/idpmetadata`,
    issuers: [`${base}/bench/${home}`],
    sp_issuer: samlIssuer,
    recipients: [samlAcs],
    one_use: false,
  },
];

/** Where the applications are. */
const near = (base: string, home: string): object => ({
  up_parties: nearUpParties(base, home),
  down_parties: [
    {
      type: 'oidc',
      name: 'app',
      redirect_uris: [callback],
      allow_up_parties: ['login', 'one', 'three', 'interconnect', 'saml'],
      secrets: [secret],
    },
    {
      type: 'saml2',
      name: 'saml-app',
      issuer: samlIssuer,
      allow_up_parties: ['login', 'saml'],
      acs_urls: [samlAcs],
      authn_response_sign_type: 'sign_assertion',
      claims: [{ claim: 'email' }],
    },
    {
      type: 'oauth2',
      name: 'exchange',
      allow_up_parties: ['trust'],
      grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      secrets: [secret],
      resource_scopes: [{ resource: 'api', scopes: ['read'] }],
    },
    { type: 'oauth2', name: 'api', resource: { scopes: ['read'] } },
  ],
  users,
});

/** Where the users are that come by links, by OpenID Connect and by SAML. */
const far = (base: string, home: string): object => ({
  up_parties: [login],
  down_parties: [
    linkDown('one', home, 'login'),
    linkDown('last', `${home}-c`, 'login'),
    {
      type: 'oidc',
      name: 'client',
      redirect_uris: [`${base}/bench/${home}/(interconnect)/oauth/authorizationresponse`],
      allow_up_parties: ['login'],
      secrets: [secret],
    },
    {
      type: 'saml2',
      name: 'sp',
      issuer: `${base}/bench/${home}`,
      allow_up_parties: ['login'],
      acs_urls: [`${base}/bench/${home}/(saml)/saml/acs`],
      authn_response_sign_type: 'sign_assertion',
      claims: [{ claim: '*' }],
    },
  ],
  users,
});

/** Tracks joined in every way: `{home}` > `-b` > `-c` > `-d` by links, and `{home}` with `-d` by OpenID Connect and SAML. */
export const connectedTracks = (base: string, alg: Alg): object[] => {
  const home = connectedTrack(alg);
  const settings = { keys: { signing_algs: [...new Set(['RS256', alg])], default_signing_alg: alg } };
  return [
    { name: home, settings, ...near(base, home) },
    {
      name: `${home}-b`,
      settings,
      up_parties: [linkUp('two', `${home}-c`)],
      down_parties: [linkDown('three', home, 'two')],
    },
    {
      name: `${home}-c`,
      settings,
      up_parties: [linkUp('last', `${home}-d`)],
      down_parties: [linkDown('two', `${home}-b`, 'last')],
    },
    { name: `${home}-d`, settings, ...far(base, home) },
  ];
};

/** The track whose applications are signed in to. */
export const connectedTrack = (alg: Alg): string => `links-${alg.toLowerCase()}`;
