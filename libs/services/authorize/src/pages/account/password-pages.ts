import type { PasswordPolicy } from '@corsac/model';
import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { field, linkStep, mainButton, purpose, stepForm, type FormPlace } from '../form.js';
import { markup } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';
import { identifierField, type IdentifierKinds } from '../sign-in/identifier-page.js';
import { errorText, newPasswordFields, type FieldErrors } from './new-password-fields.js';

export interface NewPasswordPageParts {
  readonly place: FormPlace;
  readonly step: string;
  readonly heading: TextKey;
  readonly text?: TextKey;
  /** Whose password it is. */
  readonly identifier?: string | undefined;
  /** The present password is asked as well. */
  readonly ask_current?: boolean;
  readonly policy: PasswordPolicy;
  readonly errors: FieldErrors;
  readonly status?: number;
  readonly form_targets?: readonly string[] | undefined;
}

/** A new password: at sign-in, by a mailed link, or because its owner wants one. */
export const newPasswordPage = (scene: Scene, parts: NewPasswordPageParts): PageContent => {
  const { place, identifier, policy, errors, text, ask_current = false } = parts;
  const username =
    identifier !== undefined &&
    field({ ...identifierField(scene, 'epu'), type: 'text', value: identifier, readonly: true });
  const current =
    ask_current &&
    field({
      name: 'password',
      label: say(scene, 'current_password'),
      type: 'password',
      autocomplete: 'current-password',
      error: errorText(scene, errors, 'password'),
      focus: true,
    });
  return page(scene, {
    heading: say(scene, parts.heading),
    policy: { ...(parts.form_targets && { form_targets: parts.form_targets }) },
    ...(parts.status !== undefined && { status: parts.status }),
    main: markup`${text && markup`<p>${say(scene, text)}</p>`}
${stepForm(
  place,
  parts.step,
  markup`${username}${current}${newPasswordFields(scene, { policy, errors, focus: !ask_current })}${mainButton(say(scene, 'change_password_button'))}`,
)}`,
  });
};

export interface ForgotPasswordPageParts {
  readonly place: FormPlace;
  readonly kinds: IdentifierKinds;
  readonly identifier?: string | undefined;
  readonly error?: TextKey | undefined;
  readonly status?: number;
}

/** To whom shall the mail go? */
export const forgotPasswordPage = (scene: Scene, parts: ForgotPasswordPageParts): PageContent => {
  const { place, kinds, identifier, error } = parts;
  return page(scene, {
    heading: say(scene, 'forgot_title'),
    policy: { form_targets: [] },
    ...(parts.status !== undefined && { status: parts.status }),
    main: markup`<p>${say(scene, 'forgot_text')}</p>
${stepForm(
  place,
  'forgot_send',
  markup`${field({
    ...identifierField(scene, kinds),
    value: identifier,
    error: error && say(scene, error),
    focus: true,
  })}${mainButton(say(scene, 'forgot_button'))}`,
)}
<div class="links">${linkStep(place, 'back', say(scene, 'back'))}</div>`,
  });
};

/** The same words whether a mail went out or not. */
export const mailSentPage = (scene: Scene, parts: { place: FormPlace; identifier: string }): PageContent =>
  page(scene, {
    heading: say(scene, 'mail_sent_title'),
    policy: { form_targets: [] },
    main: markup`${purpose(scene)}<p role="status">${say(scene, 'mail_sent_text', { identifier: parts.identifier })}</p>
${stepForm(parts.place, 'back', mainButton(say(scene, 'back')))}`,
  });
