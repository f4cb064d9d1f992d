import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { mainButton, stepForm, type FormPlace } from '../form.js';
import { markup } from '../html.js';
import { say, type Scene } from '../scene.js';

export interface SwitchUserPageParts {
  readonly place: FormPlace;
  /** Who is signed in, in words that people know. */
  readonly identifier: string;
  /** Who is to be. */
  readonly other: string;
  /** The identity provider that wants it. */
  readonly party: string;
  readonly form_targets?: readonly string[] | undefined;
}

/** Shall somebody else be signed in? The user may not have asked for it, so the safe answer is the prominent one. */
export const switchUserPage = (scene: Scene, parts: SwitchUserPageParts): PageContent => {
  const { place, identifier, other, party, form_targets } = parts;
  return page(scene, {
    heading: say(scene, 'switch_user_title'),
    policy: { ...(form_targets && { form_targets }) },
    main: markup`<p>${say(scene, 'switch_user_text', { identifier, other, party })}</p>
<p>${say(scene, 'switch_user_warning')}</p>
${stepForm(place, 'switch_user_stay', mainButton(say(scene, 'switch_user_stay', { identifier })))}
${stepForm(place, 'switch_user', markup`<button type="submit">${say(scene, 'switch_user_go', { other })}</button>`)}`,
  });
};
