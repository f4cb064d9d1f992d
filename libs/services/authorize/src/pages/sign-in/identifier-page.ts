import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { alert, field, linkStep, mainButton, purpose, stepForm, type FormPlace } from '../form.js';
import { markup } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';

/** Which identifiers an up-party takes: the first letters of email, phone, username, in this order. */
export type IdentifierKinds = 'e' | 'p' | 'u' | 'ep' | 'eu' | 'pu' | 'epu';

export interface IdentifierPageParts {
  readonly place: FormPlace;
  readonly kinds: IdentifierKinds;
  readonly identifier?: string | undefined;
  readonly error?: TextKey | undefined;
  readonly may_cancel: boolean;
  readonly may_create: boolean;
  readonly form_targets?: readonly string[] | undefined;
}

const inputTypes = { e: 'email', p: 'tel' } as const;

/** What the field is filled in with by browsers. */
export const identifierField = (scene: Scene, kinds: IdentifierKinds) => ({
  name: 'username',
  label: say(scene, `identifier_${kinds}`),
  type: kinds === 'e' || kinds === 'p' ? inputTypes[kinds] : ('text' as const),
  autocomplete: 'username',
  max_length: 254,
});

/** Who are you? The password is asked on the next page. */
export const identifierPage = (scene: Scene, parts: IdentifierPageParts): PageContent => {
  const { place, kinds, identifier, error } = parts;
  return page(scene, {
    heading: say(scene, 'sign_in'),
    policy: { ...(parts.form_targets && { form_targets: parts.form_targets }) },
    main: markup`${purpose(scene)}
${stepForm(
  place,
  'identifier',
  markup`${field({
    ...identifierField(scene, kinds),
    value: identifier,
    error: error && say(scene, error),
    focus: true,
  })}${mainButton(say(scene, 'continue'))}`,
)}
${parts.may_cancel && stepForm(place, 'cancel', markup`<button type="submit">${say(scene, 'cancel')}</button>`)}
${parts.may_create && markup`<div class="links"><span class="quiet">${say(scene, 'no_account_yet')}</span>${linkStep(place, 'create', say(scene, 'create_account'))}</div>`}`,
  });
};

export interface PasswordPageParts {
  readonly place: FormPlace;
  readonly kinds: IdentifierKinds;
  readonly identifier: string;
  /** A wrong sign-in, never saying which half was wrong. */
  readonly error?: TextKey | undefined;
  readonly password_missing?: boolean;
  readonly may_cancel: boolean;
  readonly may_reset: boolean;
  readonly form_targets?: readonly string[] | undefined;
}

/** The password of whoever the page names. The name is a field, so that password managers know whose it is. */
export const passwordPage = (scene: Scene, parts: PasswordPageParts): PageContent => {
  const { place, identifier, error } = parts;
  return page(scene, {
    heading: say(scene, 'sign_in'),
    policy: { ...(parts.form_targets && { form_targets: parts.form_targets }) },
    main: markup`${purpose(scene)}${alert(scene, error)}
${stepForm(
  place,
  'password',
  markup`${field({ ...identifierField(scene, parts.kinds), type: 'text', value: identifier, readonly: true })}${field({
    name: 'password',
    label: say(scene, 'password'),
    type: 'password',
    autocomplete: 'current-password',
    error: parts.password_missing === true ? say(scene, 'password_missing') : undefined,
    focus: true,
  })}${mainButton(say(scene, 'sign_in'))}`,
)}
${parts.may_cancel && stepForm(place, 'cancel', markup`<button type="submit">${say(scene, 'cancel')}</button>`)}
<div class="links">${linkStep(place, 'use_another', say(scene, 'use_another_account'))}${
      parts.may_reset && linkStep(place, 'forgot', say(scene, 'forgot_password'))
    }</div>`,
  });
};
