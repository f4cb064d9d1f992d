import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { mainButton, stepForm, type FormPlace } from '../form.js';
import { markup } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';

export interface ConsentPageParts {
  readonly place: FormPlace;
  /** Who is signed in, in words that people know. */
  readonly identifier: string;
  readonly scopes: readonly string[];
  readonly form_targets?: readonly string[] | undefined;
}

const known: Readonly<Record<string, TextKey>> = {
  openid: 'scope_openid',
  profile: 'scope_profile',
  email: 'scope_email',
  address: 'scope_address',
  phone: 'scope_phone',
  offline_access: 'scope_offline_access',
};

const scopeText = (scene: Scene, scope: string): string => {
  const key = Object.hasOwn(known, scope) ? known[scope] : undefined;
  return key ? say(scene, key) : say(scene, 'scope_other', { scope });
};

/** May the application have this? Shown only when it asks for the question (`prompt=consent`). */
export const consentPage = (scene: Scene, { place, identifier, scopes, form_targets }: ConsentPageParts): PageContent =>
  page(scene, {
    heading: say(scene, 'consent_title'),
    policy: { ...(form_targets && { form_targets }) },
    main: markup`<p>${say(scene, 'consent_text', { application: scene.application ?? '', identifier })}</p>
<p>${say(scene, 'consent_list')}</p>
<ul class="plain">${scopes.map((scope) => markup`<li>${scopeText(scene, scope)}</li>`)}</ul>
${stepForm(place, 'consent', mainButton(say(scene, 'consent_allow')))}
${stepForm(place, 'consent_deny', markup`<button type="submit">${say(scene, 'consent_deny')}</button>`)}`,
  });
