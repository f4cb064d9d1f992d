import { hash } from 'node:crypto';
import type { Bus, MessageContext } from '@corsac/contracts';
import type { ItemStore } from '@corsac/data';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { acceptLogoutRequest, type AcceptedLogoutRequest, type IncomingMessage } from '@corsac/saml';
import { lineOf } from '../../../saml/receive.js';
import { endSessionsAbove, type BegunLogout } from '../../oidc/logout/end-sessions.js';
import { arrivedAt } from '../addressed-up-party.js';
import type { IdentityProvider } from '../idp/identity-provider.js';
import type { IdentityProviders, SamlUpPartyInTrack } from '../idp/identity-providers.js';

export interface TakeRequestParts {
  readonly bus: Bus;
  readonly items: Pick<ItemStore, 'putIfAbsent' | 'remove'>;
  readonly idps: IdentityProviders;
  readonly base_url: string;
  readonly now: () => number;
}

/** A request that has acted: sessions have ended, and whoever they reached is still to be told by a browser. */
export interface TakenRequest {
  readonly asked: AcceptedLogoutRequest;
  readonly idp: IdentityProvider;
  readonly begun: readonly BegunLogout[];
}

/** Why a request did not act. */
export interface Untaken {
  readonly kind: 'refused' | 'used_before' | 'away';
  readonly reason?: string;
  readonly detail?: string;
}

/**
 * Takes an identity provider's LogoutRequest (SAML Profiles 4.4.3.3), by whichever binding it came: checks it, lets it act
 * once, and ends the sessions, which are found by what the provider calls them and never by a cookie.
 */
export const takeRequest = async (
  parts: TakeRequestParts,
  place: SamlUpPartyInTrack,
  incoming: IncomingMessage,
  context: MessageContext,
): Promise<Outcome<TakenRequest, Untaken>> => {
  const idp = await parts.idps.of(place);
  if (!idp.ok) return fail({ kind: 'away', detail: idp.error.detail });
  const asked = await parts.idps.check(place, idp.value, ({ entity_id, keys }) =>
    acceptLogoutRequest(incoming, {
      issuer: entity_id,
      destinations: arrivedAt(parts.base_url, place, 'single_logout'),
      now: parts.now(),
      party: { keys, policy: { allow_sha1: place.party.allow_sha1 } },
    }),
  );
  if (!asked.ok) return fail({ kind: 'refused', reason: asked.error.reason, detail: lineOf(asked.error) });
  const key = onceKey(place, asked.value);
  // A request acts once: a copy of it cannot end what has begun since.
  const ttl = Math.max(1, asked.value.expires_at - parts.now());
  if (!(await parts.items.putIfAbsent(key, {}, ttl))) return fail({ kind: 'used_before' });
  const begun = await end(parts.bus, place, asked.value, context);
  if (begun !== 'unavailable') return ok({ asked: asked.value, idp: idp.value, begun });
  // Nothing was promised yet: it shall be able to say it again.
  await parts.items.remove(key);
  return fail({ kind: 'away', detail: 'session does not answer' });
};

const end = async (
  bus: Bus,
  place: SamlUpPartyInTrack,
  { issuer, name_id, session_indexes }: AcceptedLogoutRequest,
  context: MessageContext,
): Promise<readonly BegunLogout[] | 'unavailable'> => {
  const named = session_indexes.length > 0 ? session_indexes.map((sid) => ({ sid })) : [{}];
  const begun: BegunLogout[] = [];
  for (const sid of named) {
    const ended = await endSessionsAbove(bus, place, { issuer, sub: name_id.value, ...sid }, context);
    if (!ended.ok) return 'unavailable';
    begun.push(...ended.value);
  }
  return begun;
};

const onceKey = ({ view, party }: SamlUpPartyInTrack, { issuer, id }: AcceptedLogoutRequest): string => {
  const digest = hash('sha256', JSON.stringify([issuer, id]), 'base64url');
  return `saml-logout-once/${view.tenant}/${view.track}/${party.name}/${digest}`;
};
