import type { Provider as NestProvider, Type } from '@nestjs/common';
import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { ItemStore, Sealer } from '@corsac/data';
import type { OutboundClient } from '@corsac/outbound';
import type { Logger } from '@corsac/telemetry';
import type { AdvanceLogout, UpstreamLogoutKind } from '../../logout/advance.js';
import type { LogoutJourneys } from '../../logout/logout-journey.js';
import type { Dispatcher } from '../../sequence/dispatch.js';
import type { SequenceStore } from '../../sequence/sequence-store.js';
import { AuthorizationResponses } from './answer/authorization-responses.js';
import { BouncedAnswers } from './answer/bounce.js';
import { BackChannelLogouts } from './logout/back-channel-logout.js';
import { EndSessionResponses } from './logout/end-session-responses.js';
import { FrontChannelLogouts } from './logout/front-channel-logout.js';
import { OidcUpstreamLogout } from './logout/oidc-upstream-logout.js';
import { OIDC_UP_PARTY, OidcUpPartyEndpoint, type OidcUpPartyWorks } from './oidc-up-party.endpoint.js';
import { Providers } from './provider/providers.js';
import { OidcUpPartyKind } from './request/oidc-up-party.js';

export interface OidcUpPartyParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly items: ItemStore;
  readonly sealer: Sealer;
  readonly outbound: OutboundClient;
  readonly logger: Logger;
  readonly base_url: string;
  readonly nowMs: () => number;
}

/** What exists only once the journeys and the logout are made, which need the kinds first. */
export interface OidcUpPartySurroundings {
  readonly sequences: SequenceStore;
  readonly dispatcher: Dispatcher;
  readonly logout: { readonly journeys: LogoutJourneys; readonly advance: AdvanceLogout };
}

export interface OidcUpPartyModule {
  /** For the journeys: the way to providers. */
  readonly kind: OidcUpPartyKind;
  /** For the logout: providers are asked too. */
  readonly upstreamLogout: UpstreamLogoutKind;
  /** What providers and browsers call. */
  endpoints(around: OidcUpPartySurroundings): { controllers: Type<unknown>[]; providers: NestProvider[] };
}

/** Everything of OIDC up-parties. What is known of providers is held per replica. */
export const oidcUpParty = (parts: OidcUpPartyParts): OidcUpPartyModule => {
  const { config, items, base_url, nowMs } = parts;
  const now = (): number => Math.floor(nowMs() / 1000);
  const providers = new Providers(parts);
  const made = { ...parts, providers, now };
  return {
    kind: new OidcUpPartyKind({ providers, base_url }),
    upstreamLogout: new OidcUpstreamLogout({ config, providers, base_url }),
    endpoints: ({ sequences, dispatcher, logout: { journeys, advance } }) => {
      const works: OidcUpPartyWorks = {
        responses: new AuthorizationResponses({ ...made, sequences, dispatcher, bounced: new BouncedAnswers(items) }),
        endSessionResponses: new EndSessionResponses({ ...made, journeys, advance }),
        frontChannelLogouts: new FrontChannelLogouts({ ...made, journeys, advance }),
        backChannelLogouts: new BackChannelLogouts(made),
      };
      return { controllers: [OidcUpPartyEndpoint], providers: [{ provide: OIDC_UP_PARTY, useValue: works }] };
    },
  };
};
