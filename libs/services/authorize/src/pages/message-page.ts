import type { PageContent } from '../sequence/step.js';
import { page } from './document.js';
import { markup } from './html.js';
import { say, type Scene } from './scene.js';
import type { TextKey } from './texts/texts.js';

export interface MessageParts {
  readonly heading: TextKey;
  readonly text: TextKey;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly status?: number;
  /** Where one can go on, when there is such a place. */
  readonly onward?: { readonly href: string; readonly label: TextKey };
}

/** A page that only says something. */
export const messagePage = (scene: Scene, parts: MessageParts): PageContent =>
  page(scene, {
    heading: say(scene, parts.heading, parts.values),
    main: markup`<p>${say(scene, parts.text, parts.values)}</p>
${parts.onward && markup`<a class="button main" href="${parts.onward.href}">${say(scene, parts.onward.label)}</a>`}`,
    policy: { form_targets: [] },
    ...(parts.status !== undefined && { status: parts.status }),
  });

/** The end of a logout that leads nowhere else. */
export const signedOutPage = (scene: Scene): PageContent =>
  messagePage(scene, { heading: 'signed_out_title', text: 'signed_out_text' });
