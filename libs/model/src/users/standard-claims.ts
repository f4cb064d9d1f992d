import { z } from 'zod';
import { claimLimits, claimTypeSchema, jsonSchema } from '../claims/claims.js';

const text = z.string().max(1000);

/** The address claim, OIDC Core 5.1.1. */
export const addressClaimSchema = z.looseObject({
  formatted: text.optional(),
  street_address: text.optional(),
  locality: text.optional(),
  region: text.optional(),
  postal_code: text.optional(),
  country: text.optional(),
});

/** Standard claims of a user with the JSON types of OIDC Core 5.1. Those of the identifiers are settings of the user instead. */
export const standardUserClaims = {
  name: text.optional(),
  given_name: text.optional(),
  family_name: text.optional(),
  middle_name: text.optional(),
  nickname: text.optional(),
  profile: text.optional(),
  picture: text.optional(),
  website: text.optional(),
  gender: text.optional(),
  birthdate: z
    .string()
    .regex(/^(\d{4}|0000)(-\d{2}-\d{2})?$/, 'must be YYYY-MM-DD or YYYY')
    .optional(),
  zoneinfo: text.optional(),
  locale: text.optional(),
  updated_at: z.number().nonnegative().optional(),
  address: addressClaimSchema.optional(),
};

/** Claims that a user cannot be given by hand: the sign-in makes them, or they follow from identifiers and flags. */
export const reservedUserClaims: readonly string[] = [
  'sub',
  'sid',
  'iss',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'auth_time',
  'amr',
  'acr',
  'azp',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'act',
  'may_act',
  'cnf',
  'client_id',
  'scope',
  'typ',
  'email',
  'email_verified',
  'phone_number',
  'phone_number_verified',
  'preferred_username',
  'role',
  'auth_method',
  'auth_method_type',
  'auth_method_issuer',
  'up_party',
  'up_party_type',
];

/** Claims of a user: standard ones typed, any other a JSON value. */
export const userClaimsSchema = z
  .object(standardUserClaims)
  .catchall(jsonSchema)
  .superRefine((claims, context) => {
    const types = Object.keys(claims);
    if (types.length > claimLimits.configuredValues)
      context.addIssue({ code: 'custom', message: 'must be at most 100 claims' });
    for (const type of types) {
      const fault = claimFault(type, claims[type]);
      if (fault) context.addIssue({ code: 'custom', path: [type], message: fault });
    }
  });

const claimFault = (type: string, value: unknown): string | undefined => {
  if (reservedUserClaims.includes(type))
    return 'is not set here: use the setting of the user, or it is made at sign-in';
  if (!claimTypeSchema.safeParse(type).success) return 'is not a usable claim type';
  if (JSON.stringify(value).length > claimLimits.configuredValue)
    return `must be at most ${claimLimits.configuredValue} characters`;
  return undefined;
};
