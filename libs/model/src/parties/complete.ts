import type { GrantType, ResponseType } from '@corsac/oauth';
import { defaultScopes } from './default-scopes.js';
import type { ClientScope, Resource, ResourceScope } from './down/client.js';
import type { DownParty, ParsedDownParty, ParsedWrittenDownParty, WrittenDownParty } from './down-party.js';

/** The settings of an OAuth client that decide one another. */
interface ClientPart {
  readonly type: 'oidc' | 'oauth2';
  readonly name: string;
  readonly response_types?: ResponseType[] | undefined;
  readonly grant_types?: GrantType[] | undefined;
  readonly resource_scopes?: ResourceScope[] | undefined;
  readonly scopes?: ClientScope[] | undefined;
  readonly resource?: Resource | undefined;
}

const grantsOfResponseTypes = (types: readonly ResponseType[]): GrantType[] => {
  const words = types.flatMap((type) => type.split(' '));
  const code: GrantType[] = words.includes('code') ? ['authorization_code', 'refresh_token'] : [];
  return words.some((word) => word !== 'code') ? [...code, 'implicit'] : code;
};

/** An `oauth2` party that only describes an API says nothing that a client would say. */
const isOnlyResource = (party: ClientPart): boolean =>
  party.type === 'oauth2' && !!party.resource && !party.resource_scopes && !party.response_types;

const grantsOf = (party: ClientPart, responseTypes: readonly ResponseType[]): GrantType[] => {
  if (party.grant_types) return party.grant_types;
  if (party.type === 'oidc') return grantsOfResponseTypes(responseTypes);
  return isOnlyResource(party) ? [] : ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'];
};

/** Scopes asked for on the own name are added to the own resource (seed: client and API). */
const ownResource = (party: ClientPart, asked: readonly ResourceScope[]): Resource | undefined => {
  const own = asked.find(({ resource }) => resource === party.name)?.scopes ?? [];
  if (own.length === 0) return party.resource;
  return { scopes: [...new Set([...(party.resource?.scopes ?? []), ...own])] };
};

/** A client that only devices are has no browser to answer (RFC 8628). */
const isOnlyDevice = ({ grant_types = [] }: ClientPart): boolean =>
  grant_types.includes('urn:ietf:params:oauth:grant-type:device_code') &&
  !grant_types.includes('authorization_code') &&
  !grant_types.includes('implicit');

const responseTypesOf = (party: ClientPart): ResponseType[] =>
  party.response_types ?? (party.type === 'oidc' && !isOnlyDevice(party) ? ['code'] : []);

const clientCompletion = (party: ClientPart) => {
  const response_types = responseTypesOf(party);
  const grant_types = grantsOf(party, response_types);
  const asked = party.resource_scopes ?? [];
  const itself = grant_types.length > 0 ? [{ resource: party.name, scopes: [] }] : [];
  const resource_scopes: ResourceScope[] = asked.length > 0 ? asked : itself;
  const scopes: ClientScope[] = party.scopes ?? (party.type === 'oidc' ? structuredClone([...defaultScopes]) : []);
  const resource = ownResource(party, resource_scopes);
  return { response_types, grant_types, resource_scopes, scopes, ...(resource && { resource }) };
};

/**
 * Fills in the settings of a down-party whose default follows from others: response types, grant types, the default
 * resource (the client itself), the default scopes, and scopes that the party asks on its own name.
 */
export function completeDownParty(party: ParsedDownParty): DownParty;
export function completeDownParty(party: ParsedWrittenDownParty): WrittenDownParty;
export function completeDownParty(party: ParsedWrittenDownParty): WrittenDownParty {
  if (party.type !== 'oidc' && party.type !== 'oauth2') return party;
  return { ...party, ...clientCompletion(party) } as WrittenDownParty;
}

/** Tells whether a down-party asks for tokens; an `oauth2` party that is only an API has no grant and is not one. */
export const isClient = (party: Pick<DownParty, 'type'> & { grant_types?: readonly string[] }): boolean =>
  (party.type === 'oidc' || party.type === 'oauth2') && (party.grant_types?.length ?? 0) > 0;

/** Tells whether a down-party is an API that tokens can be asked for. */
export const isResource = (party: Pick<DownParty, 'type'> & { resource?: Resource | undefined }): boolean =>
  party.resource !== undefined;
