import type { PasswordPolicy } from '@corsac/model';
import { field } from '../form.js';
import { markup, type Html } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';

/** What is wrong with fields, by their names. */
export type FieldErrors = Readonly<Partial<Record<string, TextKey>>>;

const valuesOf = ({ min_length, max_length, banned_characters }: PasswordPolicy) => ({
  min_length,
  max_length,
  banned_characters,
});

/** The words of a field's error; texts about passwords name the policy's figures. */
export const errorText = (
  scene: Scene,
  errors: FieldErrors,
  name: string,
  policy?: PasswordPolicy,
): string | undefined => {
  const key = errors[name];
  return key && say(scene, key, policy ? valuesOf(policy) : {});
};

/** A new password, twice. */
export const newPasswordFields = (
  scene: Scene,
  { policy, errors, focus = false }: { policy: PasswordPolicy; errors: FieldErrors; focus?: boolean },
): Html =>
  markup`${field({
    name: 'new_password',
    label: say(scene, 'new_password'),
    type: 'password',
    autocomplete: 'new-password',
    error: errorText(scene, errors, 'new_password', policy),
    hint: say(scene, 'password_rules', valuesOf(policy)),
    focus,
  })}${field({
    name: 'repeat_password',
    label: say(scene, 'repeat_password'),
    type: 'password',
    autocomplete: 'new-password',
    error: errorText(scene, errors, 'repeat_password', policy),
  })}`;
