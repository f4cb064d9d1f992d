/** The two lists of parties, by their word in addresses of the console. */
export const sides = {
  down: { list: 'down_parties', title: 'Down-parties', word: 'down-party', body: 'DownParty' },
  up: { list: 'up_parties', title: 'Up-parties', word: 'up-party', body: 'UpParty' },
} as const;
export type Side = keyof typeof sides;

export const isSide = (text: string | undefined): text is Side => text === 'down' || text === 'up';

/** A kind of party as somebody chooses it. */
export interface Kind {
  readonly type: string;
  readonly title: string;
  readonly hint: string;
  /** Settings that most of its parties need, in the order in which people think of them; the others are advanced. */
  readonly first: readonly string[];
}

const downKinds: readonly Kind[] = [
  {
    type: 'oidc',
    title: 'OpenID Connect',
    hint: 'An application that signs its users in, with or without an API of its own',
    first: [
      'display_name',
      'allow_up_parties',
      'redirect_uris',
      'post_logout_redirect_uris',
      'token_endpoint_auth_method',
      'allow_cors_origins',
      'resource_scopes',
      'resource',
      'scopes',
      'claims',
    ],
  },
  {
    type: 'oauth2',
    title: 'OAuth 2.0',
    hint: 'An API, a program without users, or both',
    first: ['display_name', 'resource', 'grant_types', 'resource_scopes', 'claims', 'allow_up_parties'],
  },
  {
    type: 'saml2',
    title: 'SAML 2.0',
    hint: 'A service provider',
    first: ['display_name', 'allow_up_parties', 'issuer', 'acs_urls', 'single_logout_url', 'keys', 'claims'],
  },
  {
    type: 'track_link',
    title: 'Track link',
    hint: 'Another track of the tenant, which lets its users sign in here',
    first: ['display_name', 'allow_up_parties', 'to_up_track_name', 'to_up_party_name', 'claims'],
  },
];

const upKinds: readonly Kind[] = [
  {
    type: 'login',
    title: 'Login',
    hint: 'Users of this track, with their passwords',
    first: ['display_name', 'title', 'enable_create_user', 'enable_reset_password', 'require_multi_factor'],
  },
  {
    type: 'oidc',
    title: 'OpenID Connect',
    hint: 'An OpenID Provider',
    first: ['display_name', 'authority', 'client_id', 'client_secret', 'scopes', 'claims', 'hrd_display_name'],
  },
  {
    type: 'saml2',
    title: 'SAML 2.0',
    hint: 'An identity provider',
    first: ['display_name', 'metadata_url', 'issuers', 'authn_url', 'keys', 'claims', 'hrd_display_name'],
  },
  {
    type: 'track_link',
    title: 'Track link',
    hint: 'Another track of the tenant, whose users sign in here',
    first: ['display_name', 'to_down_track_name', 'to_down_party_name', 'claims', 'hrd_display_name'],
  },
  {
    type: 'oauth2',
    title: 'Trust for token exchange',
    hint: 'Somebody whose tokens may be exchanged; no users sign in by it',
    first: ['display_name', 'authority', 'issuers', 'claims'],
  },
];

export const kindsOf = (side: Side): readonly Kind[] => (side === 'down' ? downKinds : upKinds);

export const kindOf = (side: Side, type: string): Kind | undefined => kindsOf(side).find((kind) => kind.type === type);

/** A party in a list, or as it is edited. */
export interface Party {
  readonly name: string;
  readonly type: string;
  readonly display_name?: string;
  readonly [setting: string]: unknown;
}

/** Settings that have a place of their own on the page of a party. */
const elsewhere = ['name', 'type', 'secrets'];

/**
 * The settings of a kind, divided.
 * @param all names of the settings that the schema knows
 */
export const dividedSettings = (kind: Kind, all: readonly string[]): { first: string[]; advanced: string[] } => ({
  first: kind.first.filter((name) => all.includes(name)),
  advanced: all.filter((name) => !kind.first.includes(name) && !elsewhere.includes(name)),
});
