import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import { logoutRequestUrl } from '@corsac/oidc';
import type { UpstreamLogoutKind } from '../../../logout/advance.js';
import type { LogoutJourney, UpstreamToAsk } from '../../../logout/logout-journey.js';
import type { Step } from '../../../sequence/step.js';
import { addressesOf } from '../addressed-up-party.js';
import type { Providers } from '../provider/providers.js';
import { clientIdOf } from '../request/oidc-memory.js';

export interface OidcUpstreamLogoutParts {
  readonly config: ConfigCache;
  readonly providers: Providers;
  readonly base_url: string;
}

/** Asks an OpenID Provider to log out as well (RP-Initiated Logout 1.0 2). The sessions here have ended before. */
export class OidcUpstreamLogout implements UpstreamLogoutKind {
  readonly type = 'oidc';

  constructor(private readonly parts: OidcUpstreamLogoutParts) {}

  /** @returns nothing when the provider has no such address, or cannot be read: the logout goes on without it */
  async begin({ tenant }: TrackView, journey: LogoutJourney, asked: UpstreamToAsk): Promise<Step | undefined> {
    // The session may be of a linked track, whose up-party and addresses these are then.
    const read = await this.parts.config.track(tenant, asked.track);
    const party = read.ok ? read.value.upParty(asked.up_party) : undefined;
    if (!read.ok || party?.type !== 'oidc') return undefined;
    const view = read.value;
    const provider = await this.parts.providers.of({ view, party });
    const end_session_endpoint = provider.ok ? provider.value.end_session_endpoint : undefined;
    if (end_session_endpoint === undefined) return undefined;
    const { id_token } = asked.upstream;
    const url = logoutRequestUrl(end_session_endpoint, {
      ...(id_token !== undefined && { id_token_hint: id_token }),
      client_id: clientIdOf(party),
      post_logout_redirect_uri: addressesOf(this.parts.base_url, view, party).post_logout_redirect_uri,
      state: logoutState(journey, asked),
      ui_locales: journey.ui_locales,
    });
    return { kind: 'redirect', url };
  }
}

/**
 * Names the journey and proves that this very provider was asked at this very point of it: another one's state, an older
 * one and a guessed one do not fit. Keyed by what only the server knows of the browser.
 */
export const logoutState = (journey: LogoutJourney, asked: Pick<UpstreamToAsk, 'track' | 'up_party'>): string => {
  const point = JSON.stringify([journey.id, journey.upstream.length, asked.track, asked.up_party]);
  return `${journey.id}.${createHmac('sha256', journey.binding).update(point).digest('base64url')}`;
};

/** The journey that a state names; undefined for anything that we never sent. */
export const journeyIdOf = (state: string | undefined): string | undefined =>
  state === undefined ? undefined : /^([A-Za-z0-9_-]{32})\.[A-Za-z0-9_-]{43}$/.exec(state)?.[1];

export const isLogoutState = (
  state: string,
  journey: LogoutJourney,
  asked: Pick<UpstreamToAsk, 'track' | 'up_party'>,
): boolean => {
  const [one, other] = [Buffer.from(state), Buffer.from(logoutState(journey, asked))];
  return one.length === other.length && timingSafeEqual(one, other);
};
