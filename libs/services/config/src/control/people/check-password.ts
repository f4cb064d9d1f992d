import { bundledLeakedPasswords, passwordFaults, type PasswordPolicy, type WrittenUser } from '@corsac/model';
import type { FieldError } from '../api/refusal.js';

type Fault = ReturnType<typeof passwordFaults>[number];

const messages: Readonly<Record<Fault, (policy: PasswordPolicy) => string>> = {
  too_short: ({ min_length }) => `must have at least ${min_length} characters`,
  too_long: ({ max_length }) => `must have at most ${max_length} characters`,
  banned_character: ({ banned_characters }) => `must not have any of ${banned_characters}`,
  too_simple: () => 'must have three of lower case, upper case, digit and other characters',
  one_character: () => 'must not consist of one character for half of it',
  contains_identifier: () => 'must not contain an identifier or a name of the user',
  contains_address: () => 'must not contain anything of the address where it is typed',
  leaked: () => 'is in the list of leaked passwords',
};

/** Identifiers and names of a user, none of which belongs into a password. */
const namesOf = ({ email, phone, username, claims }: WrittenUser): string[] =>
  [email, phone, username, claims.name, claims.given_name, claims.family_name].filter((name) => name !== undefined);

/**
 * Judges a password that an administrator gives by the policy of the track, as those are that users give themselves. A hash from
 * elsewhere says nothing about its password.
 * @param address words of the address where it is typed
 */
export const passwordErrors = (user: WrittenUser, policy: PasswordPolicy, address: readonly string[]): FieldError[] => {
  if (typeof user.password !== 'string') return [];
  const context = { identifiers: namesOf(user), address, leaked: bundledLeakedPasswords };
  return passwordFaults(user.password, policy, context).map((fault) => ({
    field: 'password',
    message: messages[fault](policy),
  }));
};
