import { endSession, reportFrontChannel, type Bus, type MessageContext } from '@corsac/contracts';
import type { TrackView } from '@corsac/config-cache';
import type { HttpRequest } from '@corsac/http';
import type { Browser } from '../browser/browser.js';
import {
  frontChannelPage,
  logoutConsentPage,
  signedOutPage,
  stillSignedInPage,
  type LogoutPageContext,
} from '../pages/logout-pages.js';
import type { JourneyRecorder } from '../journey/recorder.js';
import { away, type Away, type Step } from '../sequence/step.js';
import type { LogoutJourney, LogoutJourneys, LogoutReturn, UpstreamToAsk } from './logout-journey.js';
import type { BegunWithoutBrowser } from './without-browser.js';
import { LogoutRecord } from './record-logout.js';

/** How one kind of provider above is asked to log out. */
export interface UpstreamLogoutKind {
  readonly type: UpstreamToAsk['up_party_type'];
  /** Where the browser goes, or `told` when it need not; undefined when it offers no way and logout goes on without it. */
  begin(
    view: TrackView,
    journey: LogoutJourney,
    upstream: UpstreamToAsk,
    context: MessageContext,
  ): Promise<Step | 'told' | undefined>;
  /** The same where no browser is at hand, of kinds that have a way for that; says whether it has logged out. */
  tell?(tenant: string, upstream: UpstreamToAsk, context: MessageContext): Promise<boolean>;
}

/** How one kind of down-party that asked for the logout is answered in its own protocol. */
export interface LogoutAnswerKind {
  readonly type: string;
  answer(view: TrackView, journey: LogoutJourney, request: object): Promise<Step>;
}

export interface AdvanceParts {
  readonly bus: Bus;
  readonly journeys: LogoutJourneys;
  readonly recorder: Pick<JourneyRecorder, 'record'>;
  readonly base_url: string;
  readonly upstreamKinds: ReadonlyMap<string, UpstreamLogoutKind>;
  readonly answerKinds: ReadonlyMap<string, LogoutAnswerKind>;
}

export interface LogoutRequestContext {
  readonly view: TrackView;
  readonly browser: Browser;
  readonly request: HttpRequest;
}

/** What the browser could tell about the iframes it loaded. */
export type FrontChannelReport = readonly { receipt_id: string; result: 'loaded' | 'timed_out' }[];

/**
 * Takes a logout on: asks the user, ends the sessions, asks the providers above one after another, shows the front-channel
 * page, and answers whoever asked. Every stage is kept before the browser leaves, and ending the sessions twice ends
 * nothing more, so a reload or a crash repeats at most what is harmless.
 */
export class AdvanceLogout {
  private readonly record: LogoutRecord;

  constructor(private readonly parts: AdvanceParts) {
    this.record = new LogoutRecord(parts.recorder);
  }

  /** The page that asks. */
  async ask(context: LogoutRequestContext, journey: LogoutJourney): Promise<Step> {
    await this.parts.journeys.keep(journey);
    this.record.note({ ...context, journey }, { kind: 'logout.asked', outcome: 'waiting' });
    return { kind: 'page', page: logoutConsentPage(this.pageContext(context, journey)) };
  }

  /** The user wants to stay signed in: nothing ends, and the application is not told that anything did. */
  async stay(context: LogoutRequestContext, journey: LogoutJourney): Promise<Step> {
    await this.parts.journeys.forget(journey);
    this.record.note({ ...context, journey }, { kind: 'logout.declined', outcome: 'refused' });
    return { kind: 'page', page: stillSignedInPage(this.pageContext(context, journey)), ends: true };
  }

  /** Ends the sessions. From here on every application over the back channel will be told, whatever this browser does. */
  async end(context: LogoutRequestContext, journey: LogoutJourney): Promise<Step | Away> {
    const by = journey.target.kind === 'sid' ? journey.target : browserTarget(context.browser);
    if (by) {
      const ended = await this.parts.bus.ask(
        endSession,
        {
          tenant: journey.tenant,
          track: journey.track,
          by,
          cause: journey.cause,
          initiator: { track: journey.track, party: journey.party },
        },
        context.request.messageContext,
      );
      if (!ended.ok) return away('session');
      journey.job_id = ended.value.job_id;
      journey.front_channel = ended.value.front_channel;
      journey.upstream = ended.value.upstream;
      this.record.ended({ ...context, journey }, ended.value.ended);
    }
    journey.stage = 'upstream';
    return this.advance(context, journey);
  }

  /** Sessions have ended because a provider above said so, each by a job of its own: on to the applications. */
  async tell(
    context: LogoutRequestContext,
    journey: LogoutJourney,
    begun: readonly BegunWithoutBrowser[],
  ): Promise<Step> {
    journey.job_id = begun.find(({ job_id }) => job_id !== undefined)?.job_id;
    journey.front_channel = begun.flatMap(({ job_id, front_channel }) =>
      front_channel.map((call) => ({ ...call, ...(job_id !== undefined && { job_id }) })),
    );
    journey.stage = 'front_channel';
    const ended = begun.flatMap((logout) => logout.ended);
    if (ended.length > 0) this.record.ended({ ...context, journey }, ended);
    return this.advance(context, journey);
  }

  /** No browser is at hand: the providers above that can be told without one. Says whether each has logged out. */
  async tellAbove(tenant: string, upstream: readonly UpstreamToAsk[], context: MessageContext): Promise<boolean> {
    const told = upstream.map(async (asked) => {
      const kind = this.parts.upstreamKinds.get(asked.up_party_type);
      return kind?.tell ? kind.tell(tenant, asked, context) : false;
    });
    return (await Promise.all(told)).every(Boolean);
  }

  /** A provider above sent the browser back: on to the next. */
  async returned(
    context: LogoutRequestContext,
    journey: LogoutJourney,
    { track, up_party }: Pick<UpstreamToAsk, 'track' | 'up_party'>,
  ): Promise<Step> {
    if (journey.stage === 'upstream')
      this.record.note({ ...context, journey }, { kind: 'up_party.answered', track, party: up_party });
    return this.advance(context, journey);
  }

  /** The next provider above, or else the front-channel page, or else the end. */
  async advance(context: LogoutRequestContext, journey: LogoutJourney): Promise<Step> {
    // Providers above cannot be visited from inside an iframe of one of them.
    while (journey.stage === 'upstream' && journey.upstream.length > 0 && journey.framed_by === undefined) {
      const [next, ...rest] = journey.upstream;
      journey.upstream = rest;
      const kind = next && this.parts.upstreamKinds.get(next.up_party_type);
      const step = next && (await kind?.begin(context.view, journey, next, context.request.messageContext));
      if (next) this.record.asked({ ...context, journey }, next, step);
      if (step === 'told') continue;
      if (!step) {
        journey.untold = true;
        continue;
      }
      await this.parts.journeys.keep(journey);
      return step;
    }
    if (journey.stage === 'upstream') journey.stage = 'front_channel';
    if (journey.stage === 'front_channel' && journey.front_channel.length > 0) {
      await this.parts.journeys.keep(journey);
      this.record.shown({ ...context, journey }, journey.front_channel);
      return { kind: 'page', page: frontChannelPage(this.pageContext(context, journey), journey.front_channel) };
    }
    return this.finish(context, journey);
  }

  /** Takes down what became of the iframes and answers whoever asked. Calls that nobody reported count as timed out. */
  async report(context: LogoutRequestContext, journey: LogoutJourney, report: FrontChannelReport): Promise<Step> {
    if (journey.front_channel.length > 0) {
      const receipts = journey.front_channel.map(
        ({ receipt_id }) =>
          report.find((entry) => entry.receipt_id === receipt_id) ?? { receipt_id, result: 'timed_out' as const },
      );
      // Who is told directly as well is told, whatever became of the frame.
      const direct = new Set(journey.front_channel.flatMap((call) => (call.told_directly ? [call.receipt_id] : [])));
      if (receipts.some(({ receipt_id, result }) => result === 'timed_out' && !direct.has(receipt_id)))
        journey.untold = true;
      this.record.reported({ ...context, journey }, receipts);
      await this.noteReceipts(context, journey, receipts);
    }
    return this.finish(context, journey);
  }

  /** To each job its own receipts. They are for people to look at; the user's way back does not wait for it to be possible. */
  private async noteReceipts(
    { request }: LogoutRequestContext,
    { tenant, job_id: first, front_channel }: LogoutJourney,
    receipts: FrontChannelReport,
  ): Promise<void> {
    const jobs = new Set(front_channel.flatMap(({ job_id = first }) => job_id ?? []));
    const noted = [...jobs].map(async (job_id) => {
      const own = front_channel.filter((call) => (call.job_id ?? first) === job_id).map(({ receipt_id }) => receipt_id);
      const question = { tenant, job_id, receipts: receipts.filter(({ receipt_id }) => own.includes(receipt_id)) };
      const reported = await this.parts.bus.ask(reportFrontChannel, question, request.messageContext);
      if (!reported.ok)
        request.logger.warn({ refusal: reported.error.refusal }, 'front-channel receipts could not be noted');
    });
    await Promise.all(noted);
  }

  private async finish(context: LogoutRequestContext, journey: LogoutJourney): Promise<Step> {
    journey.stage = 'done';
    this.record.note({ ...context, journey }, { kind: 'logout.done' });
    await this.parts.journeys.forget(journey);
    const back: LogoutReturn = journey.agreed ? journey.back.agreed : journey.back.unasked;
    if (back.kind === 'redirect') return { kind: 'redirect', url: back.url, ends: true };
    const kind = back.kind === 'down_party' ? this.parts.answerKinds.get(back.type) : undefined;
    if (back.kind === 'down_party' && kind) return kind.answer(context.view, journey, back.request);
    return { kind: 'page', page: signedOutPage(this.pageContext(context, journey)), ends: true };
  }

  private pageContext({ view, browser, request }: LogoutRequestContext, journey: LogoutJourney): LogoutPageContext {
    return {
      view,
      action: `${this.parts.base_url}/${journey.tenant}/${journey.track}/account/logout/${journey.id}`,
      form_token: browser.formToken(journey.id),
      ui_locales: journey.ui_locales,
      accept_language: request.headers['accept-language'],
      party: journey.party,
      ...(journey.framed_by !== undefined && { framed_by: journey.framed_by }),
      back: [journey.back.agreed, journey.back.unasked].flatMap((back) =>
        back.kind !== 'page' && back.url !== undefined ? [back.url] : [],
      ),
    };
  }
}

const browserTarget = (browser: Browser): { kind: 'browser'; browser_id: string } | undefined =>
  browser.id === undefined ? undefined : { kind: 'browser', browser_id: browser.id };
