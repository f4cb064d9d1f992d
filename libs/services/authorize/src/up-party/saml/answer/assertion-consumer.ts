import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import { formText, sendRedirect, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { parseParameters } from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { IncomingMessage } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendJourney, sendPageError } from '../../../edge/edge.js';
import type { PageError } from '../../../edge/page-errors.js';
import { lineOf, readForm, receiveSaml } from '../../../saml/receive.js';
import type { Dispatcher } from '../../../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../../../sequence/journey.js';
import type { Sequence } from '../../../sequence/sequence.js';
import type { BouncedAnswers } from '../../oidc/answer/bounce.js';
import { addressedUpParty, addressesOf } from '../addressed-up-party.js';
import type { SamlUpPartyInTrack } from '../idp/identity-providers.js';
import { memoryOf, sequenceIdOf, type SamlMemory } from '../request/saml-memory.js';
import type { InitiatedSignIns } from '../initiated/initiated-sign-ins.js';
import type { JudgeResponses } from './judge-response.js';

export interface AssertionConsumerParts extends JourneyParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  readonly bounced: BouncedAnswers;
  readonly judge: JudgeResponses;
  /** Takes what nobody here asked for, or whose RelayState was lost on the way. */
  readonly initiated: InitiatedSignIns;
  readonly base_url: string;
}

/** A message as it came; `form` is that of a POST, also of one that came back by a bounce. */
interface Received {
  readonly incoming: IncomingMessage;
  readonly form?: string;
}

/**
 * Our assertion consumer service (SAML Profiles 4.1.4). A response acts only for the browser that was sent away, on the
 * frame that waits at this very up-party. One that cannot be believed changes nothing: the genuine one may still come.
 */
export class AssertionConsumer {
  constructor(private readonly parts: AssertionConsumerParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedUpParty(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const place = addressed.value;
    const { view, party } = place;
    const received = await this.receive(request, view.tenant);
    if (!received.ok) return sendPageError(request, received.error.page, { view, ...received.error });
    const { incoming } = received.value;
    if (incoming.binding !== party.authn_response_binding)
      return sendPageError(request, 'bad_request', { view, description: 'the response came by another binding' });
    const id = sequenceIdOf(incoming.relay_state);
    if (id === undefined) return this.parts.initiated.handle(request, place, received.value);
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const journey = await Journey.resume(this.parts, { browser, request }, { view, id });
    if (journey === 'unknown' && request.method === 'POST')
      return this.bounce(request, place, { id, ...received.value });
    if (typeof journey === 'string') return sendPageError(request, `sequence_${journey}`, { view });
    return this.take(journey, place, incoming);
  }

  private async take(journey: Journey, place: SamlUpPartyInTrack, incoming: IncomingMessage): Promise<HttpAnswer> {
    const { request, browser } = journey;
    const { view } = place;
    const waiting = waitingFor(journey.sequence, place, incoming);
    if (!waiting.ok) return sendPageError(request, waiting.error, { view });
    // A reload after the response was taken: the journey goes on from where it stands.
    if (waiting.value === 'answered') return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
    const judged = await this.parts.judge.judge(journey, place, { incoming, memory: waiting.value });
    if (!judged.ok) return sendPageError(request, judged.error.page, { view, ...judged.error });
    journey.frame.result = judged.value;
    if (!(await journey.keep())) return sendPageError(request, 'sequence_overtaken', { view });
    return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
  }

  /** Query, form, or the form that a bounce kept. */
  private async receive(
    request: HttpRequest,
    tenant: string,
  ): Promise<Outcome<Received, { page: PageError; description?: string; detail?: string }>> {
    const handle = request.method === 'GET' ? parseParameters(request.rawQuery).values.get('bounced') : undefined;
    const kept = handle === undefined ? undefined : await this.parts.bounced.read(tenant, handle);
    if (handle !== undefined && kept === undefined) return fail({ page: 'sequence_overtaken' });
    const form = kept ?? (request.method === 'POST' ? formText(request.content) : undefined);
    const incoming = kept === undefined ? receiveSaml(request) : readForm(kept);
    if (incoming.ok) return ok({ incoming: incoming.value, ...(form !== undefined && { form }) });
    const description = `the SAML message is refused: ${incoming.error.reason}`;
    return fail({ page: 'bad_request', description, detail: lineOf(incoming.error) });
  }

  /**
   * A form that came without the browser's cookies: over http they are SameSite=Lax and stay at home when another site
   * posts. Only one that a sequence waits for is kept, and the browser sent to the same address by GET.
   */
  private async bounce(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    received: Received & { readonly id: string },
  ): Promise<HttpAnswer> {
    const { view, party } = place;
    const found = await this.parts.sequences.find(view.tenant, received.id);
    if (found.state !== 'open') return sendPageError(request, `sequence_${found.state}`, { view });
    const waiting = waitingFor(found.sequence, place, received.incoming);
    if (!waiting.ok) return sendPageError(request, waiting.error, { view });
    const handle = await this.parts.bounced.keep(view.tenant, received.id, received.form ?? '');
    const { acs } = addressesOf(this.parts.base_url, view, party);
    return sendRedirect(`${acs}?${new URLSearchParams({ bounced: handle }).toString()}`);
  }
}

/** The request that this response may belong to: of the frame that waits at this up-party, with this RelayState. */
const waitingFor = (
  { frames }: Sequence,
  { view, party }: SamlUpPartyInTrack,
  { relay_state }: IncomingMessage,
): Outcome<SamlMemory | 'answered', PageError> => {
  const frame = frames.at(-1);
  // Also where the answer has gone down a track link since, and the frame that waited is no more.
  if (frame?.result) return ok('answered');
  const memory = frame && memoryOf(frame);
  if (!frame || !memory || frame.track !== view.track || frame.upParty !== party.name) return fail('sequence_unknown');
  if (memory.relay_state !== relay_state) return fail('sequence_unknown');
  return ok(memory);
};
