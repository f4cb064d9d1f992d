import type { Provider, Type } from '@nestjs/common';
import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { ItemStore } from '@corsac/data';
import type { JourneyRecorder } from '../journey/recorder.js';
import { AdvanceLogout, type LogoutAnswerKind, type UpstreamLogoutKind } from './advance.js';
import { EndSessionEndpoint } from './end-session.endpoint.js';
import { END_SESSION, EndSessionRequests } from './end-session.js';
import { LogoutJourneys } from './logout-journey.js';
import { LOGOUT_PAGES, LogoutPagesEndpoint, type LogoutPageParts } from './logout-pages.endpoint.js';

export interface LogoutParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly items: ItemStore;
  readonly recorder: Pick<JourneyRecorder, 'record'>;
  readonly base_url: string;
  readonly now: () => number;
  /** How providers above are asked, by kind. */
  readonly upstreamKinds: readonly UpstreamLogoutKind[];
  /** How down-parties that are not OIDC are answered, by kind. */
  readonly answerKinds: readonly LogoutAnswerKind[];
}

export interface Logout {
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly controllers: Type<unknown>[];
  readonly providers: Provider[];
}

/** Everything that a logout needs in a browser: the end-session endpoint, its pages, and the way through them. */
export const logout = (parts: LogoutParts): Logout => {
  const { bus, config, base_url, now } = parts;
  const journeys = new LogoutJourneys(parts.items, now);
  const byType = <Kind extends { type: string }>(kinds: readonly Kind[]) =>
    new Map(kinds.map((kind) => [kind.type, kind]));
  const advance = new AdvanceLogout({
    bus,
    journeys,
    recorder: parts.recorder,
    base_url,
    upstreamKinds: byType(parts.upstreamKinds),
    answerKinds: byType(parts.answerKinds),
  });
  const requests = new EndSessionRequests({ bus, config, journeys, advance, base_url });
  const pages: LogoutPageParts = { config, journeys, advance, base_url, now };
  return {
    journeys,
    advance,
    controllers: [EndSessionEndpoint, LogoutPagesEndpoint],
    providers: [
      { provide: END_SESSION, useValue: requests },
      { provide: LOGOUT_PAGES, useValue: pages },
    ],
  };
};
