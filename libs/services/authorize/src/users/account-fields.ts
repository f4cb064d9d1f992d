import { userSchema } from '@corsac/model';
import type { AccountField } from '../pages/account/create-account-page.js';
import type { FieldErrors } from '../pages/account/new-password-fields.js';
import type { TextKey } from '../pages/texts/texts.js';

const faults: Readonly<Record<AccountField, TextKey>> = {
  email: 'email_invalid',
  phone: 'phone_invalid',
  username: 'username_invalid',
  given_name: 'name_too_long',
  family_name: 'name_too_long',
};
const longestName = 100;

/** Is this what the model takes as such an identifier? One may stand alone, so that each is judged for itself. */
export const isIdentifier = (name: 'email' | 'phone' | 'username', value: string): boolean =>
  userSchema.safeParse({ [name]: value }).success;

/** What is wrong with the fields of a new account. */
export const faultsOf = (
  asked: readonly AccountField[],
  values: Readonly<Partial<Record<AccountField, string>>>,
): FieldErrors => {
  const wrong = asked.filter((name) => {
    const value = values[name] ?? '';
    if (name === 'given_name' || name === 'family_name') return value === '' || value.length > longestName;
    return !isIdentifier(name, value);
  });
  return Object.fromEntries(wrong.map((name) => [name, values[name] === '' ? 'field_missing' : faults[name]]));
};
