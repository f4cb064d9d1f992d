import type { Provider as NestProvider, Type } from '@nestjs/common';
import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { ItemStore } from '@corsac/data';
import type { Logger } from '@corsac/telemetry';
import type { AdvanceLogout, LogoutAnswerKind } from '../../logout/advance.js';
import type { LogoutJourneys } from '../../logout/logout-journey.js';
import type { SamlSigning } from '../../saml/sign.js';
import type { TrackKeys } from '../../saml/track-keys.js';
import type { Dispatcher } from '../../sequence/dispatch.js';
import type { SequenceStore } from '../../sequence/sequence-store.js';
import { SamlDownPartyKind } from './answer/saml-down-party.js';
import { SamlResponses } from './answer/saml-responses.js';
import { IdpMetadata } from './idp-metadata.js';
import { LogoutAnswers } from './logout/logout-answer.js';
import { LogoutService } from './logout/logout-service.js';
import { SoapLogouts } from './logout/soap-logouts.js';
import { TellApplications } from './logout/tell-applications.js';
import { AuthnRequests } from './request/authn-requests.js';
import { InitiatedSignIns } from './request/initiated-sign-ins.js';
import { SAML_DOWN_PARTY, SamlDownPartyEndpoint, type SamlDownPartyWorks } from './saml-down-party.endpoint.js';

export interface SamlDownPartyParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly items: ItemStore;
  readonly logger: Logger;
  readonly base_url: string;
  readonly nowMs: () => number;
  readonly keys: TrackKeys;
  readonly signing: SamlSigning;
}

/** What exists only once the journeys and the logout are made, which need the kinds first. */
export interface SamlDownPartySurroundings {
  readonly sequences: SequenceStore;
  readonly dispatcher: Dispatcher;
  readonly logout: { readonly journeys: LogoutJourneys; readonly advance: AdvanceLogout };
}

export interface SamlDownPartyModule {
  /** For the journeys: the way back to applications. */
  readonly kind: SamlDownPartyKind;
  /** For the logout: applications that asked for it are answered. */
  readonly answerKind: LogoutAnswerKind;
  /** What applications and browsers call. */
  endpoints(around: SamlDownPartySurroundings): { controllers: Type<unknown>[]; providers: NestProvider[] };
}

/** Everything of SAML down-parties: we are the identity provider of an application. */
export const samlDownParty = (parts: SamlDownPartyParts): SamlDownPartyModule => {
  const now = (): number => Math.floor(parts.nowMs() / 1000);
  const made = { ...parts, now };
  const responses = new SamlResponses(made);
  return {
    kind: new SamlDownPartyKind({ ...made, responses }),
    answerKind: new LogoutAnswers(made),
    endpoints: ({ sequences, dispatcher, logout }) => {
      const tell = new TellApplications({ ...made, ...logout });
      const works: SamlDownPartyWorks = {
        requests: new AuthnRequests({ ...made, sequences, dispatcher, responses }),
        initiated: new InitiatedSignIns({ ...made, sequences, dispatcher }),
        logout: new LogoutService({ ...made, ...logout, tell, soap: new SoapLogouts({ ...made, ...logout }) }),
        tell,
        metadata: new IdpMetadata(parts),
      };
      return { controllers: [SamlDownPartyEndpoint], providers: [{ provide: SAML_DOWN_PARTY, useValue: works }] };
    },
  };
};
