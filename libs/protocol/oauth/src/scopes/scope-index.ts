import type { Client, ResourceScope } from '../client/client.js';

/** What a scope text means for one client. */
export type ScopeMeaning =
  | { readonly kind: 'client'; readonly scope: string }
  | { readonly kind: 'resource'; readonly resource: string }
  | { readonly kind: 'resource_scope'; readonly resource: string; readonly scope: string };

const indexes = new WeakMap<Client, ReadonlyMap<string, ScopeMeaning>>();

/**
 * Every scope text that a client may send, with its meaning: `openid`, its own scopes, a resource's bare name, and a resource's
 * scope in dot form or its alias in colon form. Made once per client value.
 */
export const scopeIndexOf = (client: Client): ReadonlyMap<string, ScopeMeaning> => {
  let index = indexes.get(client);
  if (!index) indexes.set(client, (index = buildIndex(client)));
  return index;
};

/** One name for both spellings of a resource scope, so that grants can be compared. */
export const identityOf = (meaning: ScopeMeaning): string => {
  if (meaning.kind === 'client') return `client ${meaning.scope}`;
  return meaning.kind === 'resource' ? `resource ${meaning.resource}` : `scope ${meaning.resource} ${meaning.scope}`;
};

const buildIndex = (client: Client): Map<string, ScopeMeaning> => {
  const index = new Map<string, ScopeMeaning>([['openid', { kind: 'client', scope: 'openid' }]]);
  for (const { scope } of client.scopes) index.set(scope, { kind: 'client', scope });
  for (const entry of client.resource_scopes) addResource(index, entry);
  return index;
};

const addResource = (index: Map<string, ScopeMeaning>, { resource, scopes }: ResourceScope): void => {
  index.set(resource, { kind: 'resource', resource });
  for (const scope of scopes) {
    index.set(`${resource}.${scope}`, { kind: 'resource_scope', resource, scope });
    index.set(`${resource}:${scope}`, { kind: 'resource_scope', resource, scope });
  }
};
