import type { Saml2UpParty } from '@corsac/model';
import {
  bindings,
  makeAuthnRequest,
  mfaContexts,
  nameIdFormats,
  type AuthnRequest,
  type OutgoingMessage,
  type RequestedAuthnContext,
} from '@corsac/saml';
import { askAgain } from '../../../home-realm/remember-choice.js';
import { newMessageId, stepOfMessage } from '../../../saml/deliver.js';
import type { SamlSigning } from '../../../saml/sign.js';
import type { Journey } from '../../../sequence/journey.js';
import type { Frame, LoginRequest } from '../../../sequence/sequence.js';
import { away, goOn, type NextStep } from '../../../sequence/step.js';
import type { UpPartyKind } from '../../up-party.js';
import { addressesOf, ownEntityId } from '../addressed-up-party.js';
import { failedAt, failedByMiss } from '../answer/saml-failures.js';
import { endpointFor, type IdentityProvider, type IdpEndpoint } from '../idp/identity-provider.js';
import type { IdentityProviders } from '../idp/identity-providers.js';
import { arrivalOf } from '../initiated/arrival.js';
import type { InitiatedGrants } from '../initiated/initiated-grants.js';
import { proceedArrival } from '../initiated/proceed-arrival.js';
import { demandOf, memoryOf, newRelayState, type SamlMemory } from './saml-memory.js';

export interface SamlUpPartyKindParts {
  readonly idps: IdentityProviders;
  readonly signing: SamlSigning;
  readonly grants: InitiatedGrants;
  readonly base_url: string;
  readonly now: () => number;
}

/**
 * The way to a SAML identity provider: an AuthnRequest by the browser (SAML Profiles 4.1.3.2). Its response comes to the
 * assertion consumer service, which sets the result.
 */
export class SamlUpPartyKind implements UpPartyKind<'saml2'> {
  readonly type = 'saml2';

  constructor(private readonly parts: SamlUpPartyKindParts) {}

  async proceed(journey: Journey, frame: Frame, party: Saml2UpParty): Promise<NextStep> {
    const arrival = arrivalOf(frame);
    if (arrival) return proceedArrival(this.parts.grants, journey, frame, { party, arrival });
    if (memoryOf(frame) && frame.asked) {
      // The user came back by hand from a provider that was chosen among several: perhaps it was the wrong one.
      askAgain(frame);
      return goOn;
    }
    const view = journey.view(frame);
    const idp = await this.parts.idps.of({ view, party });
    if (!idp.ok) {
      frame.result = failedByMiss(party, idp.error);
      return goOn;
    }
    const endpoint = endpointFor(idp.value.single_sign_on, party.authn_request_binding);
    if (!endpoint) {
      frame.result = failedAt(
        party,
        'server_error',
        'the identity provider cannot be used',
        'it has no address to ask',
      );
      return goOn;
    }
    const asked = requestOf(party, frame.login);
    const memory: SamlMemory = {
      relay_state: newRelayState(journey.sequence.id),
      request_id: newMessageId(),
      idp: idp.value.entity_id,
      ...demandOf(party),
      ...(asked.force_authn && { forced_at: this.parts.now() }),
    };
    const message = makeAuthnRequest({
      ...asked,
      id: memory.request_id,
      issuer: ownEntityId(this.parts.base_url, view, party),
      issued_at: this.parts.now(),
      destination: endpoint.location,
      assertion_consumer_service_url: addressesOf(this.parts.base_url, view, party).acs,
      protocol_binding: bindings[party.authn_response_binding],
    });
    const step = await this.send(journey, frame, { party, idp: idp.value, endpoint, message, memory });
    if (step.kind !== 'away' && step.kind !== 'continue') frame.up = memory;
    return step;
  }

  private async send(
    journey: Journey,
    frame: Frame,
    out: {
      party: Saml2UpParty;
      idp: IdentityProvider;
      endpoint: IdpEndpoint;
      message: OutgoingMessage;
      memory: SamlMemory;
    },
  ): Promise<NextStep> {
    const { party, idp, endpoint, message } = out;
    const { relay_state } = out.memory;
    const isSigned = party.sign_authn_requests ?? idp.wants_signed_requests;
    if (!isSigned) return stepOfMessage(message, endpoint.binding, { relay_state });
    const sent = await this.parts.signing.signed(
      {
        tenant: journey.sequence.tenant,
        track: frame.track,
        algorithm: party.signature_algorithm,
        context: journey.request.messageContext,
      },
      (signer) => stepOfMessage(message, endpoint.binding, { relay_state, signer }),
    );
    if (sent.ok) return sent.value;
    if (sent.error === 'away') return away('token');
    const detail = `the track has no key that signs with ${party.signature_algorithm}`;
    frame.result = failedAt(party, 'server_error', 'the request could not be signed', detail);
    return goOn;
  }
}

type Asked = Pick<
  AuthnRequest,
  'force_authn' | 'is_passive' | 'name_id_policy' | 'requested_authn_context' | 'subject'
>;

/** A login request in SAML's words. SAML knows no age of a sign-in: whoever must not be old has to sign in anew. */
const requestOf = (party: Saml2UpParty, login: LoginRequest): Asked => {
  const is_passive = login.prompt.includes('none');
  const isNew =
    login.prompt.includes('login') || login.prompt.includes('select_account') || login.max_age !== undefined;
  const requested_authn_context = contextOf(party, login);
  const { login_hint } = login;
  return {
    ...(is_passive && { is_passive }),
    ...(isNew && !is_passive && { force_authn: true }),
    ...(party.nameid_format !== undefined && { name_id_policy: { format: party.nameid_format, allow_create: true } }),
    ...(requested_authn_context && { requested_authn_context }),
    ...(party.send_login_hint &&
      login_hint !== undefined && {
        subject: {
          value: login_hint,
          format: login_hint.includes('@') ? nameIdFormats.emailAddress : nameIdFormats.unspecified,
        },
      }),
  };
};

/** What is configured; otherwise what the application asked, as far as it speaks of classes, which are URIs. */
const contextOf = (party: Saml2UpParty, login: LoginRequest): RequestedAuthnContext | undefined => {
  const { authn_context } = demandOf(party);
  if (authn_context) return authn_context;
  const { authn_context_comparison: comparison = 'exact' } = party;
  const asked = login.acr_values.filter((value) => /^[a-z][a-z0-9+.-]*:/i.test(value));
  if (login.acr_comparison && asked.length > 0) return { comparison: login.acr_comparison, class_refs: asked };
  // The application's own word for a second factor goes first.
  const class_refs = [...new Set([...asked, ...(login.mfa ? mfaContexts : [])])];
  return class_refs.length > 0 ? { comparison, class_refs } : undefined;
};
