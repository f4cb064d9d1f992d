import type { Provider as NestProvider, Type } from '@nestjs/common';
import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { ItemStore } from '@corsac/data';
import type { OutboundClient } from '@corsac/outbound';
import type { Logger } from '@corsac/telemetry';
import type { DownPartyKind } from '../../down-party/down-party.js';
import type { AdvanceLogout, LogoutAnswerKind, UpstreamLogoutKind } from '../../logout/advance.js';
import type { LogoutJourneys } from '../../logout/logout-journey.js';
import type { SamlSigning } from '../../saml/sign.js';
import type { TrackKeys } from '../../saml/track-keys.js';
import type { Dispatcher } from '../../sequence/dispatch.js';
import type { PageActions } from '../../sequence/page-action.js';
import type { SequenceStore } from '../../sequence/sequence-store.js';
import type { ChooseParts } from '../../sign-in/choose.js';
import { BouncedAnswers } from '../oidc/answer/bounce.js';
import { AssertionConsumer } from './answer/assertion-consumer.js';
import { JudgeResponses } from './answer/judge-response.js';
import { IdentityProviders } from './idp/identity-providers.js';
import { InitiatedGrants } from './initiated/initiated-grants.js';
import { InitiatedSignIns } from './initiated/initiated-sign-ins.js';
import { arrivalActions, nobodyAsked } from './initiated/proceed-arrival.js';
import { AnswersAbove } from './logout/answer-above.js';
import { LogoutRequestsFromAbove } from './logout/logout-requests.js';
import { SamlUpstreamLogout } from './logout/saml-upstream-logout.js';
import { SingleLogout } from './logout/single-logout.js';
import { SamlUpPartyKind } from './request/saml-up-party.js';
import { SAML_UP_PARTY, SamlUpPartyEndpoint, type SamlUpPartyWorks } from './saml-up-party.endpoint.js';
import { SpMetadata } from './sp-metadata.js';

export interface SamlUpPartyParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly items: ItemStore;
  readonly outbound: OutboundClient;
  readonly logger: Logger;
  readonly base_url: string;
  readonly nowMs: () => number;
  readonly keys: TrackKeys;
  readonly signing: SamlSigning;
}

/** What exists only once the journeys and the logout are made, which need the kinds first. */
export interface SamlUpPartySurroundings {
  readonly sequences: SequenceStore;
  readonly dispatcher: Dispatcher;
  readonly logout: { readonly journeys: LogoutJourneys; readonly advance: AdvanceLogout };
}

export interface SamlUpPartyModule {
  /** For the journeys: the way to identity providers. */
  readonly kind: SamlUpPartyKind;
  /** For the logout: identity providers are asked too, and answered when they ask. */
  readonly upstreamLogout: UpstreamLogoutKind;
  readonly answerKind: LogoutAnswerKind;
  /** Sign-ins that identity providers began, for applications that ask now. */
  readonly initiatedBefore: ChooseParts['initiatedBefore'];
  /** To whom the answer goes when nobody has asked yet. */
  readonly asking: DownPartyKind;
  /** What the forms of its pages do. */
  readonly actions: PageActions;
  /** What identity providers and browsers call. */
  endpoints(around: SamlUpPartySurroundings): { controllers: Type<unknown>[]; providers: NestProvider[] };
}

/** Everything of SAML up-parties: we are the application of an identity provider. What is known of those is held per replica. */
export const samlUpParty = (parts: SamlUpPartyParts): SamlUpPartyModule => {
  const now = (): number => Math.floor(parts.nowMs() / 1000);
  const grants = new InitiatedGrants(parts.items, now);
  const made = { ...parts, idps: new IdentityProviders(parts), bounced: new BouncedAnswers(parts.items), grants, now };
  return {
    kind: new SamlUpPartyKind(made),
    upstreamLogout: new SamlUpstreamLogout(made),
    answerKind: new AnswersAbove(made),
    initiatedBefore: (journey, frame) => grants.take(journey, frame),
    asking: nobodyAsked,
    actions: arrivalActions,
    endpoints: ({ sequences, dispatcher, logout }) => {
      const requests = new LogoutRequestsFromAbove({ ...made, ...logout });
      const judge = new JudgeResponses(made);
      const initiated = new InitiatedSignIns({ ...made, sequences, dispatcher, judge });
      const works: SamlUpPartyWorks = {
        consumer: new AssertionConsumer({ ...made, sequences, dispatcher, judge, initiated }),
        singleLogout: new SingleLogout({ ...made, ...logout, requests }),
        metadata: new SpMetadata(parts),
      };
      return { controllers: [SamlUpPartyEndpoint], providers: [{ provide: SAML_UP_PARTY, useValue: works }] };
    },
  };
};
