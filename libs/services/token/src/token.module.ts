import { Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Provider, Type } from '@nestjs/common';
import { configNoticeSubjects } from '@corsac/config-cache';
import type { ServiceParts } from '@corsac/service';
import { CodesSubjects } from './codes/codes.subjects.js';
import { CodeIssuer } from './codes/issue-code.js';
import { beginDevice } from './devices/begin-device.js';
import { DeviceDecisions } from './devices/decide-device.js';
import { DevicesSubjects } from './devices/devices.subjects.js';
import { DirectEndpoint, DirectWorks } from './direct-endpoint/direct-endpoint.js';
import { DirectEndpoints } from './direct-endpoint/direct.endpoint.js';
import { Discovery } from './discovery/discovery.js';
import { DiscoveryEndpoint } from './discovery/discovery.endpoint.js';
import { EndedMemory } from './ended/ended-memory.js';
import { Endings } from './ended/endings.js';
import { samlTrust } from './exchange/saml-trust.js';
import { verifyJwtSubject } from './exchange/verify-subject.js';
import { authorizationCode } from './grants/authorization-code.js';
import { clientCredentials } from './grants/client-credentials.js';
import { deviceCode } from './grants/device-code.js';
import { refreshToken } from './grants/refresh-token.js';
import { tokenExchange } from './grants/token-exchange.js';
import { HintsSubjects } from './hints/hints.subjects.js';
import { HintVerifier } from './hints/verify-hint.js';
import { introspect } from './introspection/introspect.js';
import { KeyKeeper } from './keys/key-keeper.js';
import { KeyRing } from './keys/key-ring.js';
import { KeysSubjects } from './keys/keys.subjects.js';
import { RemovedTracks } from './keys/removed-tracks.js';
import { TrackKeyAnswers } from './keys/track-key-answers.js';
import { PushedRequests, pushRequest } from './pushed-requests/push-request.js';
import { PushedRequestsSubjects } from './pushed-requests/pushed-requests.subjects.js';
import { GrantsSubjects } from './refresh-grants/grants.subjects.js';
import { GrantLists } from './refresh-grants/list-grants.js';
import { revoke } from './revocation/revoke.js';
import { SigningSubjects } from './signing/signing.subjects.js';
import { SamlSigner } from './signing/saml-signer.js';
import { ArtefactSigner } from './signing/sign-artefacts.js';
import { Background } from './background.js';
import { answerTokenRequest, type Grants } from './token-request/token-requests.js';
import { makeTokenParts, type TokenParts } from './token.parts.js';
import { UserInfoEndpoint } from './userinfo/userinfo.endpoint.js';
import { UserInfo } from './userinfo/user-info.js';

/** Every grant, by its wire name. `password` is none of them: RFC 9700 2.4. */
const grantsOf = (made: TokenParts): Grants => {
  const jwt = verifyJwtSubject(made.tokens, made.providers);
  return {
    authorization_code: authorizationCode(made),
    refresh_token: refreshToken(made),
    client_credentials: clientCredentials,
    'urn:ietf:params:oauth:grant-type:token-exchange': tokenExchange({
      feed: made.feed,
      subjects: {
        access_token: jwt,
        jwt,
        saml2: samlTrust({ providers: made.samlProviders, items: made.parts.items }),
      },
    }),
    'urn:ietf:params:oauth:grant-type:device_code': deviceCode(made),
  };
};

/** What the endpoints do that clients call directly. */
const worksOf = (made: TokenParts): DirectWorks => ({
  token: answerTokenRequest({ grants: grantsOf(made), signers: made.signers, once: made.once }),
  introspect: introspect(made),
  revoke: revoke(made),
  pushed: pushRequest({ items: made.parts.items, clientKeys: made.clientKeys, once: made.once }),
  device: beginDevice(made.devices, made.parts.settings.base_url),
});

const value = <T>(provide: Type<T> | (abstract new (...args: never[]) => T), useValue: T): Provider => ({
  provide,
  useValue,
});

/** Everything that endpoints and subjects are given. */
const providersOf = (made: TokenParts): Provider[] => {
  const { addresses, signers, nowMs, ring, keeper, memory, endings, stores, codes, devices } = made;
  return [
    value(DirectEndpoint, new DirectEndpoint(made)),
    value(DirectWorks, worksOf(made)),
    value(Discovery, new Discovery(addresses, signers, keeper)),
    value(UserInfo, new UserInfo(made)),
    value(CodeIssuer, new CodeIssuer({ addresses, codes, signers, nowMs })),
    value(HintVerifier, new HintVerifier(addresses, signers, nowMs)),
    value(ArtefactSigner, new ArtefactSigner(addresses, signers, nowMs)),
    value(SamlSigner, new SamlSigner(signers, nowMs)),
    value(KeyKeeper, keeper),
    value(KeyRing, ring),
    value(TrackKeyAnswers, new TrackKeyAnswers(ring, keeper, made.config)),
    value(RemovedTracks, new RemovedTracks(stores.keys, stores.grants, ring)),
    value(EndedMemory, memory),
    value(Endings, endings),
    value(GrantLists, new GrantLists(stores.grants, nowMs)),
    value(DeviceDecisions, new DeviceDecisions(devices, nowMs)),
    value(PushedRequests, new PushedRequests(made.parts.items)),
    value(Background, new Background(made)),
  ];
};

@Module({})
class TokenModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly background: Background) {}

  onApplicationBootstrap(): void {
    this.background.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.background.stop();
  }
}

/** The service's one module: parts, what stands on them, and their endpoints and subjects. */
export const tokenModule = (parts: ServiceParts): DynamicModule => {
  const made = makeTokenParts(parts);
  parts.readiness.waitFor('configuration', () => made.config.loaded);
  parts.readiness.waitFor('what has ended', () => made.feed.filled);
  return {
    module: TokenModule,
    controllers: [
      DirectEndpoints,
      UserInfoEndpoint,
      DiscoveryEndpoint,
      CodesSubjects,
      HintsSubjects,
      SigningSubjects,
      KeysSubjects,
      GrantsSubjects,
      DevicesSubjects,
      PushedRequestsSubjects,
      configNoticeSubjects('token', made.config),
    ],
    providers: providersOf(made),
  };
};
