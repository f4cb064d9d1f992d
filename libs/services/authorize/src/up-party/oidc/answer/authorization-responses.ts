import type { ConfigCache } from '@corsac/config-cache';
import { formText, sendRedirect, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { parseParameters, type Parameters } from '@corsac/oauth';
import { checkAuthenticationResponse } from '@corsac/oidc';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { Browser } from '../../../browser/browser.js';
import { sendJourney, sendPageError } from '../../../edge/edge.js';
import type { PageError } from '../../../edge/page-errors.js';
import type { Dispatcher } from '../../../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../../../sequence/journey.js';
import type { Sequence } from '../../../sequence/sequence.js';
import { away, goOn, overtaken, type NextStep } from '../../../sequence/step.js';
import { acceptAnswer } from '../../accept-answer.js';
import { addressedUpParty, addressesOf } from '../addressed-up-party.js';
import type { UpPartyInTrack } from '../provider/providers.js';
import { memoryOf, sequenceIdOf, type OidcMemory } from '../request/oidc-memory.js';
import { answerOf } from './answer-of-claims.js';
import type { BouncedAnswers } from './bounce.js';
import { proveIdentity, type ProofParts, type ReceivedAnswer } from './prove-identity.js';
import { failedAt, failedByMiss, failedByResponse } from './provider-failures.js';

export interface AuthorizationResponseParts extends JourneyParts, ProofParts {
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  readonly bounced: BouncedAnswers;
}

/** An authentication response as it came. */
interface Received {
  readonly parameters: Parameters;
  /** The form of a POST, also of one that came back by a bounce. */
  readonly form?: string;
}

/**
 * Our redirect URI at providers (OIDC Core 3.1.2.5, form post response mode). It acts only for the browser that was sent
 * away, on the frame that waits at this very up-party, and once.
 */
export class AuthorizationResponses {
  constructor(private readonly parts: AuthorizationResponseParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedUpParty(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const place = addressed.value;
    const { view } = place;
    const received = await this.receive(request, view.tenant);
    if (!received.ok) return sendPageError(request, received.error, { view });
    const { values } = received.value.parameters;
    const id = sequenceIdOf(values.get('state') ?? values.get('bounced'));
    if (id === undefined)
      return sendPageError(request, 'sequence_unknown', { view, detail: 'the answer has no state of ours' });
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const journey = await Journey.resume(this.parts, { browser, request }, { view, id });
    if (journey === 'unknown' && request.method === 'POST')
      return this.bounce(request, place, { id, ...received.value });
    const isSpent = !values.has('state');
    if (typeof journey === 'string')
      return sendPageError(request, isSpent ? 'sequence_overtaken' : `sequence_${journey}`, { view });
    // A reload after the answer was taken: the journey goes on from where it stands.
    if (journey.frame.result) return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
    if (isSpent) return sendPageError(request, 'sequence_overtaken', { view });
    const memory = waitingFor(journey.sequence, place, received.value);
    if (!memory.ok) return sendPageError(request, memory.error, { view });
    return sendJourney(request, browser, this.take(journey, place, { received: received.value, memory: memory.value }));
  }

  /** Query, form, or the form that a bounce kept. Without `state` it is a bounce whose form was used. */
  private async receive(request: HttpRequest, tenant: string): Promise<Outcome<Received, PageError>> {
    if (request.method === 'POST') {
      const form = formText(request.content);
      return form === undefined ? fail('unsupported_media_type') : ok({ parameters: parseParameters(form), form });
    }
    const parameters = parseParameters(request.rawQuery);
    const handle = parameters.values.get('bounced');
    if (handle === undefined || parameters.values.has('state')) return ok({ parameters });
    const form = await this.parts.bounced.read(tenant, handle);
    return form === undefined ? ok({ parameters }) : ok({ parameters: parseParameters(form), form });
  }

  /** A form that came without the browser's cookies. Only one that a sequence waits for is kept. */
  private async bounce(
    request: HttpRequest,
    place: UpPartyInTrack,
    received: Received & { readonly id: string },
  ): Promise<HttpAnswer> {
    const { view, party } = place;
    const found = await this.parts.sequences.find(view.tenant, received.id);
    if (found.state !== 'open') return sendPageError(request, `sequence_${found.state}`, { view });
    const { redirect_uri } = addressesOf(this.parts.base_url, view, party);
    let handle = received.parameters.values.get('state') ?? '';
    // Of an answer that was taken before, nothing more is needed than the journey that it belongs to.
    if (!found.sequence.frames.at(-1)?.result) {
      const waiting = waitingFor(found.sequence, place, received);
      if (!waiting.ok) return sendPageError(request, waiting.error, { view });
      handle = await this.parts.bounced.keep(view.tenant, received.id, received.form ?? '');
    }
    return sendRedirect(`${redirect_uri}?${new URLSearchParams({ bounced: handle }).toString()}`);
  }

  private async take(
    journey: Journey,
    place: UpPartyInTrack,
    answer: { received: Received; memory: OidcMemory },
  ): ReturnType<Dispatcher['dispatch']> {
    return this.parts.dispatcher.dispatch(journey, await this.judge(journey, place, answer));
  }

  private async judge(
    journey: Journey,
    place: UpPartyInTrack,
    { received: { parameters }, memory }: { received: Received; memory: OidcMemory },
  ): Promise<NextStep> {
    const { frame } = journey;
    const { party } = place;
    const found = await this.parts.providers.of(place);
    if (!found.ok) {
      frame.result = failedByMiss(party, found.error);
      return goOn;
    }
    const provider = found.value;
    if (!provider.answering.includes(memory.issuer)) {
      // A code is shown to nobody but the provider that was asked for it. RFC 9700 4.4.
      const detail = 'the up-party leads to another provider now';
      frame.result = failedAt(party, 'server_error', 'the identity provider cannot be used', detail);
      return goOn;
    }
    const response = checkAuthenticationResponse(parameters, {
      state: memory.state,
      response_type: memory.response_type,
      issuer: issuerOf(provider.answering, memory, parameters.values.get('iss')),
      iss_required: provider.iss_required,
    });
    if (!response.ok) {
      frame.result = failedByResponse(party, response.error);
      return goOn;
    }
    return this.prove(journey, { place, provider, memory, response: response.value });
  }

  private async prove(
    journey: Journey,
    answer: Pick<ReceivedAnswer, 'place' | 'provider' | 'memory' | 'response'>,
  ): Promise<NextStep> {
    const { frame } = journey;
    const { party } = answer.place;
    const claim = async (): Promise<boolean> => {
      frame.up = { ...answer.memory, answered: true } satisfies OidcMemory;
      const claimed = await journey.keep();
      if (claimed && answer.memory.response_mode === 'form_post')
        await this.parts.bounced.forget(journey.sequence.tenant, journey.sequence.id);
      return claimed;
    };
    const proven = await proveIdentity(this.parts, { ...answer, claim, context: journey.request.messageContext });
    if (!proven.ok) {
      if (proven.error === 'away') return away('token');
      if (proven.error === 'overtaken') return overtaken;
      frame.result = proven.error;
      return goOn;
    }
    const identified = answerOf(party, proven.value, this.parts.now());
    frame.result = identified.ok ? acceptAnswer(journey, frame, party, identified.value) : identified.error;
    return goOn;
  }
}

/** The request that this answer may belong to: of the frame that waits at this up-party, with this state, not yet answered. */
const waitingFor = (
  { frames }: Sequence,
  { view, party }: UpPartyInTrack,
  { parameters, form }: Received,
): Outcome<OidcMemory, PageError> => {
  const frame = frames.at(-1);
  const memory = frame && memoryOf(frame);
  if (!frame || !memory || frame.track !== view.track || frame.upParty !== party.name) return fail('sequence_unknown');
  if (memory.state !== parameters.values.get('state')) return fail('sequence_unknown');
  if (memory.answered) return fail('sequence_overtaken');
  // Errors may come by GET whatever mode was asked; tokens and codes come the way that was asked.
  const byForm = form !== undefined;
  const fits = byForm === (memory.response_mode === 'form_post') || (!byForm && parameters.values.has('error'));
  return fits ? ok(memory) : fail('bad_request');
};

/** Whom `iss` must name: who was asked. Of a provider written by hand with several issuers, whichever of them answers. */
const issuerOf = (answering: readonly string[], { issuer }: OidcMemory, iss: string | undefined): string =>
  iss !== undefined && answering.includes(iss) ? iss : issuer;
