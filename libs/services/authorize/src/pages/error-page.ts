import type { TrackSettings } from '@corsac/model';
import type { PageError } from '../edge/page-errors.js';
import type { PageContent } from '../sequence/step.js';
import { page } from './document.js';
import { markup } from './html.js';
import { makeScene, say, type Look } from './scene.js';

export interface ErrorPageParts {
  readonly error: PageError;
  /** By which the line in the log is found. */
  readonly correlation_id: string;
  readonly accept_language?: string | undefined;
  /** A sentence for the developer of the application. */
  readonly description?: string;
  readonly settings?: Pick<TrackSettings, 'texts' | 'default_language'>;
  readonly look?: Look;
  /** Where one can try again. */
  readonly retry?: string;
}

/** What is wrong, what to do, and a reference to tell. */
export const errorPage = (parts: ErrorPageParts): PageContent => {
  const { error, accept_language, settings, description, retry } = parts;
  const scene = makeScene({ accept_language, ...(settings && { settings }) }, parts.look);
  return page(scene, {
    heading: say(scene, `${error}_title`),
    main: markup`<p>${say(scene, `${error}_text`)}</p>
${description !== undefined && markup`<p class="quiet small"><code>${description}</code></p>`}
${retry !== undefined && markup`<a class="button main" href="${retry}">${say(scene, 'try_again')}</a>`}
<p class="reference">${say(scene, 'reference', { correlation_id: parts.correlation_id })}</p>`,
    policy: { form_targets: [] },
  });
};
