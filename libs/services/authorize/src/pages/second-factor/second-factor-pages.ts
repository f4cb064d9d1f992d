import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { field, linkStep, mainButton, stepForm, type FormPlace } from '../form.js';
import { markup, type Html } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';
import { qrCode } from './qr-code.js';

export interface CodePageParts {
  readonly place: FormPlace;
  readonly error?: TextKey | undefined;
  readonly status?: number;
  readonly form_targets?: readonly string[] | undefined;
}

const codeField = (scene: Scene, error: TextKey | undefined): Html =>
  field({
    name: 'code',
    label: say(scene, 'code'),
    autocomplete: 'one-time-code',
    digits: true,
    max_length: 20,
    error: error && say(scene, error),
    focus: true,
  });

const policyOf = ({ form_targets }: CodePageParts) => ({ ...(form_targets && { form_targets }) });
const statusOf = ({ status }: CodePageParts) => ({ ...(status !== undefined && { status }) });

/** The code of an authenticator app. */
export const totpPage = (scene: Scene, parts: CodePageParts): PageContent =>
  page(scene, {
    heading: say(scene, 'two_factor_title'),
    policy: policyOf(parts),
    ...statusOf(parts),
    main: markup`<p>${say(scene, 'two_factor_text')}</p>
${stepForm(parts.place, 'code', markup`${codeField(scene, parts.error)}${mainButton(say(scene, 'continue'))}`)}
<div class="links">${linkStep(parts.place, 'use_recovery', say(scene, 'two_factor_recovery_link'))}${linkStep(parts.place, 'use_another', say(scene, 'use_another_account'))}</div>`,
  });

/** A recovery code instead. */
export const recoveryCodePage = (scene: Scene, parts: CodePageParts): PageContent =>
  page(scene, {
    heading: say(scene, 'recovery_title'),
    policy: policyOf(parts),
    ...statusOf(parts),
    main: markup`<p>${say(scene, 'recovery_text')}</p>
${stepForm(
  parts.place,
  'recovery_code',
  markup`${field({
    name: 'code',
    label: say(scene, 'recovery_code'),
    autocomplete: 'off',
    max_length: 40,
    error: parts.error && say(scene, parts.error),
    focus: true,
  })}${mainButton(say(scene, 'continue'))}`,
)}
<div class="links">${linkStep(parts.place, 'use_app', say(scene, 'two_factor_app_link'))}</div>`,
  });

/** The seed, as a picture and as text, and the first code that proves that the app has it. */
export const enrolPage = (scene: Scene, parts: CodePageParts & { otpauth_uri: string; seed: string }): PageContent =>
  page(scene, {
    heading: say(scene, 'enrol_title'),
    policy: policyOf(parts),
    ...statusOf(parts),
    main: markup`<p>${say(scene, 'enrol_text')}</p>
${qrCode(parts.otpauth_uri, say(scene, 'enrol_picture'))}
<p class="small">${say(scene, 'enrol_key')}<br><code>${parts.seed.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
${stepForm(parts.place, 'enrol', markup`${codeField(scene, parts.error)}${mainButton(say(scene, 'continue'))}`)}`,
  });

/** The codes, shown once. */
export const recoveryCodesPage = (scene: Scene, parts: CodePageParts & { codes: readonly string[] }): PageContent =>
  page(scene, {
    heading: say(scene, 'recovery_codes_title'),
    policy: policyOf(parts),
    main: markup`<p>${say(scene, 'recovery_codes_text')}</p>
<ul class="codes">${parts.codes.map((code) => markup`<li><code>${code}</code></li>`)}</ul>
${stepForm(parts.place, 'codes_kept', mainButton(say(scene, 'recovery_codes_kept')))}`,
  });
