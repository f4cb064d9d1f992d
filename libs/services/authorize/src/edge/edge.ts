import type { TrackView } from '@corsac/config-cache';
import { sendHtml, sendRedirect, withHeaders, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { Browser } from '../browser/browser.js';
import { autoPostPage } from '../pages/auto-post-page.js';
import { errorPage } from '../pages/error-page.js';
import { TrackGone } from '../sequence/journey.js';
import type { Away, Overtaken, PageContent, Step } from '../sequence/step.js';
import { statusOfPageError, type PageError } from './page-errors.js';

export interface PageErrorOptions {
  /** A sentence for the developer of the application, shown small; never what was sent. */
  readonly description?: string;
  /** For the log. */
  readonly detail?: string;
  readonly view?: TrackView;
  /** Where the user can try again; unsaid, by the same request. */
  readonly retry?: string | undefined;
}

/** Where an end page or error page takes its look from, and how it is written. */
export const sendPage = (page: PageContent, cookies: readonly string[] = []): HttpAnswer =>
  sendHtml(page.html, { status: page.status ?? 200, ...(page.policy && { policy: page.policy }), cookies });

/** An error page with the request's id as the correlation id, and a line in the log that has the same. */
export const sendPageError = (request: HttpRequest, error: PageError, options: PageErrorOptions = {}): HttpAnswer => {
  request.logger.info({ error, detail: options.detail ?? options.description }, 'the journey ended on an error page');
  const page = errorPage({
    error,
    correlation_id: request.requestId,
    accept_language: request.headers['accept-language'],
    ...(options.description !== undefined && { description: options.description }),
    ...(options.retry !== undefined && { retry: options.retry }),
    ...(options.view && { settings: options.view.settings }),
  });
  const answer = sendPage({ ...page, status: statusOfPageError[error] });
  return error === 'temporarily_unavailable' ? withHeaders(answer, { 'retry-after': '2' }) : answer;
};

/** Writes what a journey came to. */
export const sendStep = (request: HttpRequest, browser: Browser, step: Step | Away | Overtaken): HttpAnswer => {
  switch (step.kind) {
    case 'page':
      return sendPage(step.page, browser.cookies);
    case 'redirect':
      return sendRedirect(step.url, { cookies: browser.cookies });
    case 'post':
      return sendPage(autoPostPage(step.url, step.fields), browser.cookies);
    case 'overtaken':
      return sendPageError(request, 'sequence_overtaken');
    case 'away': {
      const { what, retry } = step;
      const answer = sendPageError(request, 'temporarily_unavailable', { detail: `${what} does not answer`, retry });
      return withHeaders(answer, { 'set-cookie': browser.cookies });
    }
  }
};

/** Lets a journey go on and writes what it came to; a track that went away meanwhile is a page too. */
export const sendJourney = async (
  request: HttpRequest,
  browser: Browser,
  step: Promise<Step | Away | Overtaken>,
): Promise<HttpAnswer> => {
  try {
    return sendStep(request, browser, await step);
  } catch (error) {
    if (!(error instanceof TrackGone)) throw error;
    const page = error.reason === 'not_found' ? 'unknown_track' : 'temporarily_unavailable';
    return sendPageError(request, page, { detail: error.message });
  }
};
