import { z } from 'zod';
import { externalUserSchema, type ExternalUser } from './external-user.js';
import { userSchema, type WrittenUser } from './user.js';

/** Fields of a user that a file may change one by one. `user_id` names the user and does not change. */
export const userFields = [
  'email',
  'phone',
  'username',
  'password',
  'email_verified',
  'phone_verified',
  'confirm_account',
  'change_password',
  'require_multi_factor',
  'disabled',
  'roles',
  'claims',
] as const satisfies readonly (keyof WrittenUser)[];
export type UserField = (typeof userFields)[number];

/** Fields of an external user that a file may change one by one. */
export const externalUserFields = [
  'link_claim_value',
  'redemption_claim_value',
  'disabled',
  'claims',
] as const satisfies readonly (keyof ExternalUser)[];
export type ExternalUserField = (typeof externalUserFields)[number];

/** Goes with another field: what was said of the old value says nothing of the new one. */
const together: Readonly<Partial<Record<UserField, UserField>>> = {
  email: 'email_verified',
  phone: 'phone_verified',
  password: 'change_password',
};

/** The fields that change when some do: an address comes with its flag, a password with the wish to have it changed. */
export const withCompanions = (fields: readonly UserField[]): UserField[] =>
  userFields.filter((field) => fields.includes(field) || fields.some((other) => together[other] === field));

const of = <Field extends string>(fields: readonly [Field, ...Field[]]) =>
  z.array(z.enum(fields)).min(1).optional().meta({ description: 'Only these are taken over; left out: all of them.' });

/** A user on the way to the service that keeps users: whole, with what of it is to be taken over. */
export const importedUserSchema = userSchema.safeExtend({ changed: of(userFields) });
export type ImportedUser = z.output<typeof importedUserSchema>;

/** The same of an external user. */
export const importedExternalUserSchema = externalUserSchema.safeExtend({ changed: of(externalUserFields) });
export type ImportedExternalUser = z.output<typeof importedExternalUserSchema>;
