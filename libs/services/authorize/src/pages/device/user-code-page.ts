import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { field, mainButton, stepForm, type FormPlace } from '../form.js';
import { markup } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';

export interface UserCodePageParts {
  readonly place: FormPlace;
  readonly code?: string;
  /** The code came with the address: the user must compare it with the device's (RFC 8628 3.3.1). */
  readonly comes_with_address?: boolean;
  readonly error?: TextKey;
}

/** Where the code is typed that a device shows. */
export const userCodePage = (
  scene: Scene,
  { place, code, comes_with_address, error }: UserCodePageParts,
): PageContent =>
  page(scene, {
    heading: say(scene, 'device_title'),
    // The way on may lead to any provider above, which is known only by the code: `form-action` would strand it.
    main: markup`<p>${say(scene, comes_with_address ? 'device_confirm_text' : 'device_text')}</p>
${stepForm(
  place,
  'user_code',
  markup`${field({
    name: 'user_code',
    label: say(scene, 'code'),
    autocomplete: 'off',
    max_length: 20,
    focus: true,
    ...(code !== undefined && { value: code }),
    ...(error !== undefined && { error: say(scene, error) }),
  })}
${mainButton(say(scene, 'continue'))}`,
)}
<p class="quiet">${say(scene, 'device_warning')}</p>`,
  });
