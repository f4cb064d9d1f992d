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
import { samlDownParty } from './down-party/saml/saml-down-party.module.js';
import { TrackLinkDownPartyKind } from './down-party/track-link/track-link-down-party.js';
import { discover, homeRealmActions } from './home-realm/discover.js';
import { JOURNEYS, JourneySubjects } from './journey/journey.subjects.js';
import { JourneyRecorder } from './journey/recorder.js';
import { logout } from './logout/logout.module.js';
import { SamlSigning } from './saml/sign.js';
import { TrackKeys } from './saml/track-keys.js';
import { TRACK_KEYS, TrackKeysSubjects } from './saml/track-keys.subjects.js';
import { Dispatcher } from './sequence/dispatch.js';
import { SequenceStore } from './sequence/sequence-store.js';
import { chooseWith } from './sign-in/choose.js';
import { SIGN_IN_PAGES, SignInPages } from './sign-in/sign-in-pages.js';
import { SignInEndpoint } from './sign-in/sign-in.endpoint.js';
import { PostgresJourneyStore } from './store/postgres-journey-store.js';
import { Sql } from './store/sql.js';
import { loginUpParty } from './up-party/login/login.module.js';
import { oidcUpParty } from './up-party/oidc/oidc-up-party.module.js';
import { samlUpParty } from './up-party/saml/saml-up-party.module.js';
import { Hops } from './up-party/track-link/hop.js';
import { TrackLinkUpPartyKind } from './up-party/track-link/track-link-up-party.js';
import { TRACK_LINKS, TrackLinkSubjects, type TrackLinks } from './up-party/track-link/track-link.subjects.js';
import type { UpPartyKind } from './up-party/up-party.js';

/** Milliseconds between two writes of what happened on journeys. */
const recordEveryMs = 500;

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

  // The record of journeys.
  const journeyStore = new PostgresJourneyStore(new Sql(parts.database));
  const recorder = new JourneyRecorder({ store: journeyStore, nowMs, logger, everyMs: recordEveryMs });

  // Journeys: who may answer a request (up-parties), and to whom the answer goes (down-parties).
  const sequences = new SequenceStore(items, now);
  const hops = new Hops(bus);
  const oidc = oidcUpParty({ ...parts, config, base_url, nowMs });
  const keys = new TrackKeys({ bus, nowMs });
  const samlParts = { ...parts, config, base_url, nowMs, keys, signing: new SamlSigning({ bus, keys }) };
  const samlUp = samlUpParty(samlParts);
  const samlDown = samlDownParty(samlParts);
  const upParties: readonly UpPartyKind[] = [login.kind, oidc.kind, samlUp.kind, new TrackLinkUpPartyKind(hops)];
  const downParties: readonly DownPartyKind[] = [
    new OidcDownPartyKind({ bus, consentPage }),
    samlDown.kind,
    new TrackLinkDownPartyKind(hops),
  ];
  const dispatcher = new Dispatcher({
    upParties: new Map(upParties.map((kind) => [kind.type, kind])),
    downParties: new Map(downParties.map((kind) => [kind.type, kind])),
    recorder,
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
  const out = logout({
    ...{ bus, config, items, recorder, base_url, now },
    upstreamKinds: [oidc.upstreamLogout, samlUp.upstreamLogout],
    answerKinds: [samlUp.answerKind, samlDown.answerKind],
  });
  const around = { sequences, dispatcher, logout: out };
  const peers = [oidc.endpoints(around), samlUp.endpoints(around), samlDown.endpoints(around)];

  return {
    module: AuthorizeModule,
    controllers: [
      AuthorizeEndpoint,
      SignInEndpoint,
      AssetsEndpoint,
      TrackLinkSubjects,
      JourneySubjects,
      ...login.controllers,
      ...out.controllers,
      ...peers.flatMap(({ controllers }) => controllers),
      TrackKeysSubjects,
      configNoticeSubjects('authorize', config),
    ],
    providers: [
      { provide: AUTHORIZE, useValue: authorize },
      { provide: SIGN_IN_PAGES, useValue: pages },
      { provide: ASSETS, useValue: { config } },
      { provide: TRACK_LINKS, useValue: links },
      ...out.providers,
      ...peers.flatMap(({ providers }) => providers),
      { provide: TRACK_KEYS, useValue: keys },
      ...login.providers,
      { provide: JOURNEYS, useValue: journeyStore },
      background(config, recorder),
    ],
  };
};
