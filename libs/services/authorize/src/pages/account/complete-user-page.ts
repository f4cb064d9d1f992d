import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { field, linkStep, mainButton, purpose, stepForm, type Field, type FormPlace } from '../form.js';
import { markup } from '../html.js';
import { say, type Scene } from '../scene.js';

export interface CompleteUserPageParts {
  readonly place: FormPlace;
  readonly fields: readonly Field[];
  readonly form_targets?: readonly string[] | undefined;
}

/** What a new user of another provider is still to say; the provider has said the rest. */
export const completeUserPage = (scene: Scene, { place, fields, form_targets }: CompleteUserPageParts): PageContent =>
  page(scene, {
    heading: say(scene, 'complete_title'),
    policy: { ...(form_targets && { form_targets }) },
    main: markup`${purpose(scene)}<p>${say(scene, 'complete_text')}</p>
${stepForm(
  place,
  'external_user_create',
  markup`${fields.map((each, index) => field({ ...each, focus: index === 0 }))}${mainButton(say(scene, 'continue'))}`,
)}
<div class="links">${linkStep(place, 'external_user_cancel', say(scene, 'cancel'))}</div>`,
  });
