import { ok, type Outcome } from '@corsac/outcome';
import type { Client } from '../client/client.js';
import { refuse, type OAuthError } from '../errors.js';
import { shown } from '../shown.js';
import type { ScopeGrant } from './grant-scopes.js';

/** The addresses of one party that issuers are made of, without trailing slash. */
export interface Issuers {
  /** Address of the party with the binding that was asked, `{base}/{tenant}/{track}/{party}{binding}`. */
  readonly party: string;
  /** `{base}/{tenant}/{track}`. */
  readonly track: string;
}

/**
 * The audience of an access token. Targets that the client named are all of it. Otherwise the selected resources, and the client
 * too when no resource scope was granted and the client is in its own whitelist. Never empty (RFC 9068 2.2): a token that is
 * good at UserInfo only is meant for the track. Reference 2.9.
 */
export const audienceOf = (client: Client, grant: ScopeGrant, issuers: Issuers): string[] => {
  const audience = [...grant.resources];
  if (!grant.targeted && !grant.resource_scope && isOwnAudience(client) && !audience.includes(client.name)) {
    audience.push(client.name);
  }
  return audience.length > 0 ? audience : [issuers.track];
};

/**
 * The issuer of an access token: the track's as soon as an API is meant, because an API trusts one issuer whichever client
 * calls it; else the one of the sign-in. A party set to `track` gets the track's always.
 */
export const accessTokenIssuer = (client: Client, grant: ScopeGrant, issuers: Issuers): string => {
  const isForApi = grant.resource_scope || grant.resources.some((resource) => resource !== client.name);
  return client.issuer === 'track' || isForApi ? issuers.track : issuers.party;
};

/** The issuer of ID tokens, authorization responses and logout tokens of a party. */
export const signInIssuer = (client: Pick<Client, 'issuer'>, issuers: Issuers): string =>
  client.issuer === 'track' ? issuers.track : issuers.party;

/**
 * Resolves `resource` values to names of resources: a name or `{track issuer}/{name}`, and only what the client may ask.
 * RFC 8707 2.
 * @returns the distinct names, nothing when none was sent; `invalid_target` for anything else
 */
export const resolveTargets = (
  values: readonly string[],
  client: Client,
  track: string,
): Outcome<string[] | undefined, OAuthError> => {
  if (values.length === 0) return ok(undefined);
  const allowed = new Set(client.resource_scopes.map(({ resource }) => resource));
  const names = values.map((value) => (value.startsWith(`${track}/`) ? value.slice(track.length + 1) : value));
  const stranger = names.find((name) => !allowed.has(name));
  if (stranger !== undefined) {
    return refuse(
      'invalid_target',
      'a requested resource is unknown or not allowed for the client',
      `resource_scopes of ${client.name} do not name ${shown(stranger)}`,
    );
  }
  return ok([...new Set(names)]);
};

const isOwnAudience = (client: Client): boolean =>
  client.resource_scopes.some(({ resource }) => resource === client.name);
