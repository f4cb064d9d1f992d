import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigCache, configNoticeSubjects } from '@corsac/config-cache';
import { trackIssuer } from '@corsac/model';
import { background, type ServiceParts } from '@corsac/service';
import { ASSETS, AssetsEndpoint } from './assets/assets.endpoint.js';
import { CodeGuesses } from './device/count-guesses.js';
import { DeviceDownPartyKind, orDevice } from './device/device-down-party.js';
import { DevicePages } from './device/device-pages.js';
import { DEVICE_PAGES, DeviceEndpoint } from './device/device.endpoint.js';
import { ClientKeys } from './down-party/client-keys.js';
import type { DownPartyKind } from './down-party/down-party.js';
import { AUTHORIZE, Authorize } from './down-party/oidc/authorize.js';
import { AuthorizeEndpoint } from './down-party/oidc/authorize.endpoint.js';
import { consentActions, consentPage } from './down-party/oidc/consent.js';
import { OidcDownPartyKind } from './down-party/oidc/oidc-down-party.js';
import { samlDownParty } from './down-party/saml/saml-down-party.module.js';
import { TrackLinkDownPartyKind } from './down-party/track-link/track-link-down-party.js';
import { externalUsers } from './external-users/external-users.module.js';
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

const byType = <Kind extends { readonly type: string }>(kinds: readonly Kind[]): ReadonlyMap<string, Kind> =>
  new Map(kinds.map((kind) => [kind.type, kind]));

/** What the parts stand on: the clock, configuration, journeys under way and the record of them. */
const groundOf = (parts: ServiceParts) => {
  const { bus, items, logger } = parts;
  const { base_url } = parts.settings;
  const nowMs = (): number => parts.clock.nowMs();
  const now = (): number => Math.floor(nowMs() / 1000);
  const config = new ConfigCache({ bus, nowMs });
  parts.readiness.waitFor('configuration', () => config.loaded);
  const sequences = new SequenceStore(items, now);
  const journeyStore = new PostgresJourneyStore(new Sql(parts.database));
  const recorder = new JourneyRecorder({ store: journeyStore, nowMs, logger, everyMs: recordEveryMs });
  return { ...parts, base_url, nowMs, now, config, sequences, journeyStore, recorder };
};

/** Who may answer a request (up-parties), and to whom the answer goes (down-parties): a kind is a line. */
const partiesOf = (ground: ReturnType<typeof groundOf>) => {
  const { bus, nowMs } = ground;
  const hops = new Hops(bus);
  const keys = new TrackKeys({ bus, nowMs });
  const saml = { ...ground, keys, signing: new SamlSigning({ bus, keys }) };
  const external = externalUsers(ground);
  const login = loginUpParty({ ...ground, forgetTrack: (place) => external.records.removeTrack(place) });
  const oidcUp = oidcUpParty(ground);
  const samlUp = samlUpParty(saml);
  const samlDown = samlDownParty(saml);
  const upParties: readonly UpPartyKind[] = [login.kind, oidcUp.kind, samlUp.kind, new TrackLinkUpPartyKind(hops)];
  const devices = new DeviceDownPartyKind(bus);
  const downParties: readonly DownPartyKind[] = [
    orDevice(new OidcDownPartyKind({ bus, consentPage }), devices),
    devices,
    login.asking,
    samlDown.kind,
    samlUp.asking,
    new TrackLinkDownPartyKind(hops),
  ];
  return {
    hops,
    keys,
    external,
    login,
    oidcUp,
    samlUp,
    samlDown,
    upParties: byType(upParties),
    downParties: byType(downParties),
  };
};

/** Every part of the authorize service, top to bottom. */
export const authorizeModule = (parts: ServiceParts): DynamicModule => {
  const ground = groundOf(parts);
  const { bus, config, recorder, sequences, base_url } = ground;
  const { hops, keys, external, login, oidcUp, samlUp, samlDown, upParties, downParties } = partiesOf(ground);
  const choose = chooseWith({ bus, discover, initiatedBefore: samlUp.initiatedBefore });
  const dispatcher = new Dispatcher({ upParties, downParties, recorder, choose, settle: external.settle });
  const journeys = { sequences, config, now: ground.now, dispatcher, base_url };

  // Where requests come in.
  const authorize = new Authorize({ ...journeys, bus, clientKeys: new ClientKeys(ground) });
  const devices = new DevicePages({ ...journeys, bus, guesses: new CodeGuesses(ground.items) });
  const actions = { ...homeRealmActions, ...login.actions, ...external.actions, ...samlUp.actions, ...consentActions };
  const pages = new SignInPages({ ...journeys, actions });
  const issuerOf = (tenant: string, track: string): string => trackIssuer({ base: base_url, tenant, track });
  const links: TrackLinks = { hops, open: { sequences, config, issuerOf } };

  // The way out.
  const upstreamKinds = [oidcUp.upstreamLogout, samlUp.upstreamLogout];
  const out = logout({ ...ground, upstreamKinds, answerKinds: [samlUp.answerKind, samlDown.answerKind] });

  const around = { sequences, dispatcher, logout: out };
  const peers = [
    login.endpoints(journeys),
    external.subjects(login.endNow),
    out,
    oidcUp.endpoints(around),
    samlUp.endpoints(around),
    samlDown.endpoints(around),
  ];
  return {
    module: AuthorizeModule,
    controllers: [
      AuthorizeEndpoint,
      SignInEndpoint,
      DeviceEndpoint,
      AssetsEndpoint,
      TrackLinkSubjects,
      TrackKeysSubjects,
      JourneySubjects,
      ...peers.flatMap(({ controllers }) => controllers),
      configNoticeSubjects('authorize', config),
    ],
    providers: [
      { provide: AUTHORIZE, useValue: authorize },
      { provide: SIGN_IN_PAGES, useValue: pages },
      { provide: DEVICE_PAGES, useValue: devices },
      { provide: ASSETS, useValue: { config } },
      { provide: TRACK_LINKS, useValue: links },
      { provide: TRACK_KEYS, useValue: keys },
      { provide: JOURNEYS, useValue: ground.journeyStore },
      ...peers.flatMap(({ providers }) => providers),
      background(config, recorder),
    ],
  };
};
