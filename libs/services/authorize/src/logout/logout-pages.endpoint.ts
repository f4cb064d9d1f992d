import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import { formText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { parseParameters } from '@corsac/oauth';
import { Browser } from '../browser/browser.js';
import { sendPageError, sendStep } from '../edge/edge.js';
import type { AdvanceLogout, FrontChannelReport } from './advance.js';
import type { LogoutJourney, LogoutJourneys } from './logout-journey.js';

export const LOGOUT_PAGES = Symbol('logout pages');

export interface LogoutPageParts {
  readonly config: ConfigCache;
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly base_url: string;
  readonly now: () => number;
}

interface Held {
  readonly view: TrackView;
  readonly browser: Browser;
  readonly journey: LogoutJourney;
}

/** `/{tenant}/{track}/account/logout/{id}`: the pages of a logout and what is pressed on them. */
@Controller()
export class LogoutPagesEndpoint {
  constructor(@Inject(LOGOUT_PAGES) private readonly parts: LogoutPageParts) {}

  /** A reload of the question, or the way on from the front-channel page without script. */
  @Get(':tenant/:track/account/logout/:id')
  async show(@Req() request: HttpRequest): Promise<HttpAnswer> {
    const held = await this.hold(request);
    if ('status' in held) return held;
    const { view, browser, journey } = held;
    const context = { view, browser, request };
    if (journey.stage === 'asking') return sendStep(request, browser, await this.parts.advance.ask(context, journey));
    const isOver = parseParameters(request.rawQuery).values.get('done') !== undefined;
    const step =
      isOver && journey.stage === 'front_channel'
        ? await this.parts.advance.report(context, journey, [])
        : await this.parts.advance.advance(context, journey);
    return sendStep(request, browser, step);
  }

  @Post(':tenant/:track/account/logout/:id')
  async act(@Req() request: HttpRequest): Promise<HttpAnswer> {
    const held = await this.hold(request);
    if ('status' in held) return held;
    const { view, browser, journey } = held;
    const text = formText(request.content);
    const { values } = parseParameters(text ?? '');
    if (journey.framed_by === undefined && !browser.isFormToken(journey.id, values.get('form_token')))
      return sendPageError(request, 'forged_form', { view });
    const context = { view, browser, request };
    if (journey.stage === 'front_channel')
      return sendStep(
        request,
        browser,
        await this.parts.advance.report(context, journey, reportOf(values.get('loaded'))),
      );
    if (journey.stage !== 'asking')
      return sendStep(request, browser, await this.parts.advance.advance(context, journey));
    if (values.get('answer') === 'stay')
      return sendStep(request, browser, await this.parts.advance.stay(context, journey));
    journey.agreed = true;
    return sendStep(request, browser, await this.parts.advance.end(context, journey));
  }

  private async hold(request: HttpRequest): Promise<Held | HttpAnswer> {
    const { tenant = '', track = '', id = '' } = request.params;
    request.note({ tenant, track });
    const read = await this.parts.config.track(tenant, track);
    if (!read.ok)
      return sendPageError(request, read.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable');
    const view = read.value;
    const browser = new Browser(tenant, this.parts.base_url, request.cookies);
    const found = await this.parts.journeys.find(tenant, id);
    // Somebody else's logout does not exist for this browser. In a frame of another site a browser may send no cookie: there
    // the id, which nobody else was told, has to do, and all that can be done with it is to tell what has loaded.
    const isOwn =
      found !== undefined &&
      found.journey.track === track &&
      (found.journey.framed_by !== undefined || browser.isBoundTo(found.journey.binding));
    if (!isOwn) return sendPageError(request, 'sequence_unknown', { view });
    if (found.journey.expires <= this.parts.now()) return sendPageError(request, 'sequence_expired', { view });
    return { view, browser, journey: found.journey };
  }
}

/** Ids of the iframes that loaded, separated by spaces, as the page's script sends them. */
const reportOf = (loaded: string | undefined): FrontChannelReport =>
  (loaded ?? '')
    .split(' ')
    .filter((id) => id !== '')
    .map((receipt_id) => ({ receipt_id, result: 'loaded' as const }));
