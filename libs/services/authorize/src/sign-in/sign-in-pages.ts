import type { ConfigCache } from '@corsac/config-cache';
import { formText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { parsePlace } from '@corsac/model';
import { Browser } from '../browser/browser.js';
import { sendJourney, sendPageError } from '../edge/edge.js';
import type { Dispatcher } from '../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../sequence/journey.js';
import { PageForm, type PageActions } from '../sequence/page-action.js';
import { goOn, type NextStep } from '../sequence/step.js';

export const SIGN_IN_PAGES = Symbol('sign-in pages');

export interface SignInPagesParts extends JourneyParts {
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  /** What the forms of the pages do, by the step that they name. */
  readonly actions: PageActions;
  readonly base_url: string;
}

/**
 * The pages of a journey under one address: a GET shows where it stands, a POST takes a step. The up-party in the address
 * is for people; what counts stands in the sequence, which exists only for the browser that began it.
 */
export class SignInPages {
  constructor(private readonly parts: SignInPagesParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const place = parsePlace(request.rawPath);
    const [word, id, ...rest] = place.ok ? place.value.rest : [];
    if (!place.ok || word !== 'login' || id === undefined || rest.length > 0)
      return sendPageError(request, 'not_found');
    const { tenant, track } = place.value;
    request.note({ tenant, track });
    const read = await this.parts.config.track(tenant, track);
    if (!read.ok)
      return sendPageError(request, read.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable');
    const view = read.value;
    const browser = new Browser(tenant, this.parts.base_url, request.cookies);
    const journey = await Journey.resume(this.parts, { browser, request }, { view, id });
    if (journey === 'expired') return sendPageError(request, 'sequence_expired', { view });
    // A linked track that has answered stands in the sequence no more, while its page may still be reloaded.
    if (journey === 'unknown' || !hasPlace(journey, track)) return sendPageError(request, 'sequence_unknown', { view });
    if (request.method === 'GET') return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
    const text = formText(request.content);
    if (text === undefined) return sendPageError(request, 'unsupported_media_type', { view });
    const form = new PageForm(text);
    if (!browser.isFormToken(id, form.text('form_token'))) return sendPageError(request, 'forged_form', { view });
    return sendJourney(request, browser, this.take(journey, form));
  }

  private async take(journey: Journey, form: PageForm): Promise<Awaited<ReturnType<Dispatcher['dispatch']>>> {
    await journey.look();
    const step = form.text('step');
    const action = Object.hasOwn(this.parts.actions, step) ? this.parts.actions[step] : undefined;
    const next: NextStep = action ? await action(journey, form) : goOn;
    return this.parts.dispatcher.dispatch(journey, next);
  }
}

const hasPlace = ({ sequence, frame }: Journey, track: string): boolean =>
  frame.result !== undefined || sequence.frames.some((each) => each.track === track);
