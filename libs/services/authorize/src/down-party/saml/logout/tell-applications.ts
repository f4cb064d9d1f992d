import { reportFrontChannel, type Bus } from '@corsac/contracts';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { ItemStore } from '@corsac/data';
import { type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { Saml2DownParty } from '@corsac/model';
import { randomName } from '@corsac/random';
import { acceptLogoutResponse, makeLogoutRequest, type IncomingMessage } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendPage, sendPageError, sendStep } from '../../../edge/edge.js';
import type { JobCall, LogoutJourney, LogoutJourneys } from '../../../logout/logout-journey.js';
import { toldPage } from '../../../pages/told-page.js';
import { inFrameOf, newMessageId, stepOfMessage } from '../../../saml/deliver.js';
import { lineOf } from '../../../saml/receive.js';
import type { SamlSigning } from '../../../saml/sign.js';
import { applicationKeys, arrivedAt, idpEntityId, type AddressedApplication } from '../addressed-application.js';

export interface TellApplicationsParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly items: Pick<ItemStore, 'put' | 'take'>;
  readonly journeys: LogoutJourneys;
  readonly signing: SamlSigning;
  readonly base_url: string;
  readonly now: () => number;
}

/** A LogoutRequest that is out, by its RelayState. */
interface Out {
  readonly request_id: string;
  readonly track: string;
  readonly party: string;
  readonly job_id: string;
  readonly receipt_id: string;
  readonly framed_by: string;
}

/** Seconds that an application has for its answer. */
const lifetime = 300;
const keyOf = (tenant: string, handle: string): string => `saml-told/${tenant}/${handle}`;

/**
 * Tells SAML applications in the frames of a logout page that their session is over (SAML Profiles 4.4.3.1), and takes
 * their answers. A frame shows nothing; what became of it stands in the job's receipt.
 */
export class TellApplications {
  constructor(private readonly parts: TellApplicationsParts) {}

  /** The beginning of one frame: `/{tenant}/{track}/account/logout/{id}/saml/{receipt}`. */
  async tell(request: HttpRequest): Promise<HttpAnswer> {
    const { tenant = '', track = '', id = '', receipt = '' } = request.params;
    request.note({ tenant, track });
    const found = await this.parts.journeys.find(tenant, id);
    const browser = new Browser(tenant, this.parts.base_url, request.cookies);
    const journey = found?.journey;
    // As with the page around it: in a frame of another site a browser may send no cookie.
    const isOwn = journey?.track === track && (journey.framed_by !== undefined || browser.isBoundTo(journey.binding));
    const call = isOwn ? journey?.front_channel.find((one) => one.receipt_id === receipt) : undefined;
    if (!journey || call?.type !== 'saml2') return sendPageError(request, 'sequence_unknown');
    const framed_by = journey.framed_by ?? this.parts.base_url;
    const read = await this.parts.config.track(tenant, call.track);
    const party = read.ok ? read.value.downParty(call.party) : undefined;
    if (!read.ok || party?.type !== 'saml2') return sendPage(toldPage(framed_by, 'refused'));
    return this.send(request, { view: read.value, party, journey, call, framed_by });
  }

  private async send(
    request: HttpRequest,
    to: { view: TrackView; party: Saml2DownParty; journey: LogoutJourney; call: JobCall; framed_by: string },
  ): Promise<HttpAnswer> {
    const { view, party, journey, call, framed_by } = to;
    const { name_id, receipt_id, sid, job_id = journey.job_id } = call;
    const destination = party.single_logout_url;
    if (destination === undefined || !name_id || job_id === undefined) return sendPage(toldPage(framed_by, 'refused'));
    const handle = randomName(24);
    const request_id = newMessageId();
    const issued_at = this.parts.now();
    const message = makeLogoutRequest({
      id: request_id,
      issuer: idpEntityId(this.parts.base_url, view, party),
      issued_at,
      destination,
      not_on_or_after: issued_at + lifetime,
      name_id,
      session_indexes: [sid],
    });
    const { tenant, track } = view;
    const sent = await this.parts.signing.signed(
      { tenant, track, algorithm: party.signature_algorithm, context: request.messageContext },
      (signer) => stepOfMessage(message, party.logout_request_binding, { relay_state: handle, signer }),
    );
    if (!sent.ok) return sendPage(toldPage(framed_by, 'refused'));
    const out: Out = { request_id, track, party: party.name, job_id, receipt_id, framed_by };
    await this.parts.items.put(keyOf(tenant, handle), out, lifetime);
    return sendStep(request, new Browser(tenant, this.parts.base_url, new Map()), inFrameOf(sent.value, framed_by));
  }

  /** An application's answer: it is noted once, and only when it belongs to a request that is out. */
  async answered(
    request: HttpRequest,
    application: AddressedApplication,
    incoming: IncomingMessage,
  ): Promise<HttpAnswer> {
    const { view, party } = application;
    const handle = incoming.relay_state ?? '';
    const taken = /^[A-Za-z0-9_-]{32}$/.test(handle)
      ? await this.parts.items.take<Out>(keyOf(view.tenant, handle))
      : undefined;
    const out = taken?.state === 'taken' ? taken.value : undefined;
    if (!out || out.party !== party.name || out.track !== view.track)
      return sendPageError(request, 'sequence_unknown', { view, detail: 'no logout of ours is answered by it' });
    const answer = acceptLogoutResponse(incoming, {
      issuer: party.issuer,
      destinations: arrivedAt(this.parts.base_url, application, { which: 'logout', rawPath: request.rawPath }),
      now: this.parts.now(),
      party: { keys: applicationKeys(view, party), policy: { allow_sha1: party.allow_sha1 } },
      require_signed: party.keys.length > 0,
      pending_request_id: out.request_id,
    });
    const isTold = answer.ok && answer.value.result !== 'failed';
    if (!answer.ok)
      request.logger.warn({ detail: lineOf(answer.error) }, "an application's answer to its logout is refused");
    const result = isTold ? ('confirmed' as const) : ('refused' as const);
    const { job_id, receipt_id } = out;
    await this.parts.bus.ask(
      reportFrontChannel,
      { tenant: view.tenant, job_id, receipts: [{ receipt_id, result }] },
      request.messageContext,
    );
    return sendPage(toldPage(out.framed_by, result));
  }
}
