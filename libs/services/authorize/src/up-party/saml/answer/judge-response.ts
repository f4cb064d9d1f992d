import { hash } from 'node:crypto';
import type { Bus } from '@corsac/contracts';
import type { ItemStore } from '@corsac/data';
import type { HttpRequest } from '@corsac/http';
import { fail, ok, type Outcome } from '@corsac/outcome';
import {
  acceptResponse,
  mappingTable,
  meetsContext,
  type AcceptedResponse,
  type IncomingMessage,
  type SamlError,
} from '@corsac/saml';
import type { PageError } from '../../../edge/page-errors.js';
import { lineOf } from '../../../saml/receive.js';
import type { Journey } from '../../../sequence/journey.js';
import type { LoginFailed, LoginResult } from '../../../sequence/sequence.js';
import { acceptAnswer } from '../../accept-answer.js';
import { arrivedAt, ownEntityId } from '../addressed-up-party.js';
import type { IdentityProvider } from '../idp/identity-provider.js';
import type { IdentityProviders, SamlUpPartyInTrack } from '../idp/identity-providers.js';
import { demandOf, type SamlMemory } from '../request/saml-memory.js';
import { answerOf } from './answer-of-assertion.js';
import { KeysAway, openContentKey } from './open-content-key.js';
import { failedAt, failedByMiss, failedByStatus } from './saml-failures.js';

export interface JudgeParts {
  readonly bus: Bus;
  readonly items: Pick<ItemStore, 'putIfAbsent'>;
  readonly idps: IdentityProviders;
  readonly base_url: string;
  readonly now: () => number;
}

/** A response that is not believed: only the user sees a page, and the journey stays as it is. */
export interface Unbelieved {
  readonly page: PageError;
  readonly description?: string;
  readonly detail?: string;
}

interface Answer {
  readonly incoming: IncomingMessage;
  readonly memory: SamlMemory;
}

/** Finds out what a response says, and whether it may be believed: the module of trust first, then replay, then claims. */
export class JudgeResponses {
  constructor(private readonly parts: JudgeParts) {}

  async judge(
    journey: Journey,
    place: SamlUpPartyInTrack,
    { incoming, memory }: Answer,
  ): Promise<Outcome<LoginResult, Unbelieved>> {
    const { party } = place;
    const idp = await this.parts.idps.of(place);
    if (!idp.ok) return ok(failedByMiss(party, idp.error));
    if (idp.value.entity_id !== memory.idp) {
      const detail = 'the up-party leads to another identity provider now';
      return ok(failedAt(party, 'server_error', 'the identity provider cannot be used', detail));
    }
    const accepted = await this.accept(journey.request, place, { incoming, memory, idp: idp.value });
    if (accepted === 'away') return fail(tokenAway);
    if (!accepted.ok) return refused(party, accepted.error);
    // Taken once, before anything is made of it: of two requests with one assertion, one goes on. SAML Profiles 4.1.4.5.
    if (!(await this.takeOnce(place, idp.value, accepted.value)))
      return fail({ page: 'bad_request', description: 'the assertion was used before', detail: 'replay' });
    const unmet = unmetDemand(party, memory, accepted.value);
    return ok(unmet ?? (await this.resultOf(journey, place, accepted.value)));
  }

  /** The same of a response that nobody asked for. */
  async judgeUnasked(
    journey: Journey,
    place: SamlUpPartyInTrack,
    incoming: IncomingMessage,
  ): Promise<Outcome<LoginResult, Unbelieved>> {
    const accepted = await this.acceptUnasked(journey.request, place, incoming);
    if (!accepted.ok) return accepted;
    const { idp, response } = accepted.value;
    if (!(await this.takeOnce(place, idp, response)))
      return fail({ page: 'bad_request', description: 'the assertion was used before', detail: 'replay' });
    return ok(await this.resultOf(journey, place, response));
  }

  /** Can a response that nobody asked for be believed? Nothing is taken yet. @returns the ID of its assertion */
  async believe(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    incoming: IncomingMessage,
  ): Promise<Outcome<string, Unbelieved>> {
    const accepted = await this.acceptUnasked(request, place, incoming);
    return accepted.ok ? ok(accepted.value.response.assertion.id) : accepted;
  }

  private async acceptUnasked(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    incoming: IncomingMessage,
  ): Promise<Outcome<{ idp: IdentityProvider; response: AcceptedResponse }, Unbelieved>> {
    const { party } = place;
    const idp = await this.parts.idps.of(place);
    if (!idp.ok) return fail({ page: 'temporarily_unavailable', detail: idp.error.detail });
    const accepted = await this.accept(request, place, { incoming, idp: idp.value });
    if (accepted === 'away') return fail(tokenAway);
    if (!accepted.ok) return fail(unbelieved(party, accepted.error));
    const unmet = unmetDemand(party, demandOf(party), accepted.value);
    if (unmet) return fail({ page: 'bad_request', description: unmet.error, detail: unmet.detail });
    return ok({ idp: idp.value, response: accepted.value });
  }

  private async accept(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    { incoming, memory, idp }: Omit<Answer, 'memory'> & { memory?: SamlMemory; idp: IdentityProvider },
  ): Promise<Outcome<AcceptedResponse, SamlError> | 'away'> {
    const { bus, base_url, now } = this.parts;
    const { view, party } = place;
    try {
      return await this.parts.idps.check(place, idp, ({ entity_id, keys }) =>
        acceptResponse(incoming, {
          issuer: entity_id,
          audience: ownEntityId(base_url, view, party),
          recipients: arrivedAt(base_url, place, 'acs'),
          pending_request_id: memory?.request_id,
          allow_unsolicited: memory === undefined,
          now: now(),
          party: { keys, policy: { allow_sha1: party.allow_sha1 } },
          decryptKey: openContentKey(bus, view, request.messageContext),
        }),
      );
    } catch (error) {
      if (error instanceof KeysAway) return 'away';
      throw error;
    }
  }

  private async takeOnce(
    { view, party }: SamlUpPartyInTrack,
    idp: IdentityProvider,
    { one_time_ids }: AcceptedResponse,
  ): Promise<boolean> {
    for (const { id, expires_at } of one_time_ids) {
      const digest = hash('sha256', JSON.stringify([idp.entity_id, id]), 'base64url');
      const key = `saml-once/${view.tenant}/${view.track}/${party.name}/${digest}`;
      if (!(await this.parts.items.putIfAbsent(key, {}, Math.max(1, expires_at - this.parts.now())))) return false;
    }
    return true;
  }

  private async resultOf(
    journey: Journey,
    { view, party }: SamlUpPartyInTrack,
    { assertion }: AcceptedResponse,
  ): Promise<LoginResult> {
    const table = view.memo('saml-mapping', ({ settings }) => mappingTable(settings.claim_mappings));
    const answer = answerOf(party, assertion, {
      table,
      now: this.parts.now(),
      told: { track: view.track, note: journey.note },
    });
    if (!answer.ok) return answer.error;
    // Its transforms and forward list speak SAML names and have run: to the middle they are over.
    return acceptAnswer(journey, journey.frame, { ...party, claim_transforms: [], claims: ['*'] }, answer.value);
  }
}

/** Seconds that the identity provider's clock may be behind ours when it says when it authenticated the user. */
const skew = 60;

/** It answered, but not what was demanded of it. SAML Core 3.3.2.2.1, 3.4.1 (ForceAuthn). */
const unmetDemand = (
  party: SamlUpPartyInTrack['party'],
  { authn_context, forced_at }: Pick<SamlMemory, 'authn_context' | 'forced_at'>,
  { assertion: { authn } }: AcceptedResponse,
): LoginFailed | undefined => {
  if (authn_context && !meetsContext(authn_context, authn.class_ref))
    return failedAt(
      party,
      'unmet_authentication_requirements',
      'the identity provider authenticated the user in another way than was required',
      `asked for ${authn_context.comparison} ${authn_context.class_refs.join(' ')}, got ${authn.class_ref ?? 'no class'}`,
    );
  if (forced_at !== undefined && authn.instant + skew < forced_at)
    return failedAt(
      party,
      'login_required',
      'the identity provider did not authenticate the user anew',
      `authenticated ${forced_at - authn.instant} s before it was asked to`,
    );
  return undefined;
};

/** The identity provider's own no goes to the application; everything else is between it and us, or somebody's forgery. */
const refused = (party: SamlUpPartyInTrack['party'], error: SamlError): Outcome<LoginResult, Unbelieved> =>
  error.reason === 'status_not_success' && error.status
    ? ok(failedByStatus(party, error.status))
    : fail(unbelieved(party, error));

const unbelieved = (party: SamlUpPartyInTrack['party'], error: SamlError): Unbelieved => ({
  page: 'bad_request',
  description: `the answer of the identity provider is refused: ${error.reason}`,
  detail: `${party.name}: ${lineOf(error)}`,
});

const tokenAway: Unbelieved = { page: 'temporarily_unavailable', detail: 'token does not answer' };
