import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigCache, configNoticeSubjects } from '@corsac/config-cache';
import { trackIssuer } from '@corsac/model';
import { background, type ServiceParts } from '@corsac/service';
import { ASSETS, AssetsEndpoint } from './assets/assets.endpoint.js';
import { ClientKeys } from './down-party/client-keys.js';
import type { DownPartyKind } from './down-party/down-party.js';
import { AUTHORIZE, Authorize } from './down-party/oidc/authorize.js';
import { AuthorizeEndpoint } from './down-party/oidc/authorize.endpoint.js';
import { consentActions, consentPage } from './down-party/oidc/consent.js';
import { OidcDownPartyKind } from './down-party/oidc/oidc-down-party.js';
import { TrackLinkDownPartyKind } from './down-party/track-link/track-link-down-party.js';
import { discover, homeRealmActions } from './home-realm/discover.js';
import { logout } from './logout/logout-parts.js';
import { Dispatcher } from './sequence/dispatch.js';
import { SequenceStore } from './sequence/sequence-store.js';
import { chooseWith } from './sign-in/choose.js';
import { SIGN_IN_PAGES, SignInPages } from './sign-in/sign-in-pages.js';
import { SignInEndpoint } from './sign-in/sign-in.endpoint.js';
import { loginUpParty } from './up-party/login/login.module.js';
import { oidcUpParty } from './up-party/oidc/oidc-up-party.module.js';
import { Hops } from './up-party/track-link/hop.js';
import { TrackLinkUpPartyKind } from './up-party/track-link/track-link-up-party.js';
import { TRACK_LINKS, TrackLinkSubjects, type TrackLinks } from './up-party/track-link/track-link.subjects.js';
import type { UpPartyKind } from './up-party/up-party.js';

@Module({})
class AuthorizeModule {}

/** Every part of the authorize service, top to bottom. */
export const authorizeModule = (parts: ServiceParts): DynamicModule => {
  const { bus, items, logger } = parts;
  const { base_url } = parts.settings;
  const nowMs = (): number => parts.clock.nowMs();
  const now = (): number => Math.floor(nowMs() / 1000);
  const config = new ConfigCache({ bus, nowMs });
  parts.readiness.waitFor('configuration', () => config.loaded);

  // Users of tracks and how they prove who they are.
  const login = loginUpParty({ ...parts, config, base_url, now });

  // Journeys: who may answer a request (up-parties), and to whom the answer goes (down-parties).
  const sequences = new SequenceStore(items, now);
  const hops = new Hops(bus);
  const oidc = oidcUpParty({ ...parts, config, base_url, nowMs });
  const upParties: readonly UpPartyKind[] = [login.kind, oidc.kind, new TrackLinkUpPartyKind(hops)];
  const downParties: readonly DownPartyKind[] = [
    new OidcDownPartyKind({ bus, consentPage }),
    new TrackLinkDownPartyKind(hops),
  ];
  const dispatcher = new Dispatcher({
    upParties: new Map(upParties.map((kind) => [kind.type, kind])),
    downParties: new Map(downParties.map((kind) => [kind.type, kind])),
    choose: chooseWith({ bus, discover }),
  });
  const journeys = { sequences, config, now, dispatcher, base_url };

  // Where requests come in.
  const clientKeys = new ClientKeys({ outbound: parts.outbound, nowMs, logger });
  const authorize = new Authorize({ ...journeys, bus, clientKeys });
  const pages = new SignInPages({
    ...journeys,
    actions: { ...homeRealmActions, ...login.actions, ...consentActions },
  });
  const issuerOf = (tenant: string, track: string): string => trackIssuer({ base: base_url, tenant, track });
  const links: TrackLinks = { hops, open: { sequences, config, issuerOf } };

  // The way out.
  const out = logout({ bus, config, items, base_url, now, upstreamKinds: [oidc.upstreamLogout], answerKinds: [] });
  const fromProviders = oidc.endpoints({ sequences, dispatcher, logout: out });

  return {
    module: AuthorizeModule,
    controllers: [
      AuthorizeEndpoint,
      SignInEndpoint,
      AssetsEndpoint,
      TrackLinkSubjects,
      ...login.controllers,
      ...out.controllers,
      ...fromProviders.controllers,
      configNoticeSubjects('authorize', config),
    ],
    providers: [
      { provide: AUTHORIZE, useValue: authorize },
      { provide: SIGN_IN_PAGES, useValue: pages },
      { provide: ASSETS, useValue: { config } },
      { provide: TRACK_LINKS, useValue: links },
      ...out.providers,
      ...fromProviders.providers,
      ...login.providers,
      background(config),
    ],
  };
};
