import type { PasswordPolicy } from '@corsac/model';
import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { field, linkStep, mainButton, purpose, stepForm, type FormPlace } from '../form.js';
import { markup, type Html } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';
import { errorText, newPasswordFields, type FieldErrors } from './new-password-fields.js';

/** Fields of a new account, in the order of the page. */
export const accountFields = ['email', 'phone', 'username', 'given_name', 'family_name'] as const;
export type AccountField = (typeof accountFields)[number];

const looks: Readonly<Record<AccountField, { label: TextKey; type?: 'email' | 'tel'; autocomplete: string }>> = {
  email: { label: 'identifier_e', type: 'email', autocomplete: 'email' },
  phone: { label: 'identifier_p', type: 'tel', autocomplete: 'tel' },
  username: { label: 'identifier_u', autocomplete: 'username' },
  given_name: { label: 'given_name', autocomplete: 'given-name' },
  family_name: { label: 'family_name', autocomplete: 'family-name' },
};

export interface CreateAccountPageParts {
  readonly place: FormPlace;
  readonly asked: readonly AccountField[];
  readonly values: Readonly<Partial<Record<string, string>>>;
  readonly errors: FieldErrors;
  readonly policy: PasswordPolicy;
  readonly status?: number;
  readonly form_targets?: readonly string[] | undefined;
}

const accountField = (scene: Scene, parts: CreateAccountPageParts, name: AccountField): Html => {
  const { label, type, autocomplete } = looks[name];
  return field({
    name,
    label: say(scene, label),
    ...(type && { type }),
    autocomplete,
    value: parts.values[name],
    error: errorText(scene, parts.errors, name),
    max_length: name === 'email' ? 254 : 100,
    focus: name === parts.asked[0],
  });
};

/** A new account of the track's own. */
export const createAccountPage = (scene: Scene, parts: CreateAccountPageParts): PageContent => {
  const { place, asked, policy, errors } = parts;
  return page(scene, {
    heading: say(scene, 'create_account'),
    policy: { ...(parts.form_targets && { form_targets: parts.form_targets }) },
    ...(parts.status !== undefined && { status: parts.status }),
    main: markup`${purpose(scene)}
${stepForm(
  place,
  'create_send',
  markup`${asked.map((name) => accountField(scene, parts, name))}${newPasswordFields(scene, { policy, errors })}${mainButton(say(scene, 'create_account_button'))}`,
)}
<div class="links"><span class="quiet">${say(scene, 'have_account')}</span>${linkStep(place, 'back', say(scene, 'sign_in'))}</div>`,
  });
};

export interface ConfirmEmailPageParts {
  readonly place: FormPlace;
  readonly email: string;
  readonly error?: TextKey | undefined;
  readonly sent_again?: boolean;
  readonly status?: number;
  readonly form_targets?: readonly string[] | undefined;
}

/** The code that was mailed. */
export const confirmEmailPage = (scene: Scene, parts: ConfirmEmailPageParts): PageContent =>
  page(scene, {
    heading: say(scene, 'confirm_title'),
    policy: { ...(parts.form_targets && { form_targets: parts.form_targets }) },
    ...(parts.status !== undefined && { status: parts.status }),
    main: markup`<p>${say(scene, 'confirm_text', { email: parts.email })}</p>
${parts.sent_again === true && markup`<p class="notice" role="status">${say(scene, 'confirm_sent_again')}</p>`}
${stepForm(
  parts.place,
  'confirm',
  markup`${field({
    name: 'code',
    label: say(scene, 'code'),
    autocomplete: 'one-time-code',
    max_length: 20,
    error: parts.error && say(scene, parts.error),
    focus: true,
  })}${mainButton(say(scene, 'confirm_button'))}`,
)}
<div class="links">${linkStep(parts.place, 'confirm_again', say(scene, 'confirm_again'))}${linkStep(parts.place, 'use_another', say(scene, 'use_another_account'))}</div>`,
  });
