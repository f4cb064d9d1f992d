import { protectedTypes, typedText } from '../claims/protected.js';
import type { Claims, Json } from '../claims/claims.js';
import { textOf, valuesOf, withValues } from '../claims/values.js';
import type { LinkExternalUser } from '../parties/up/link-external-user.js';
import { longestLinkValue, redemptionValue } from './external-user.js';
import { standardUserClaims } from './standard-claims.js';

/** Claims that are worth as much as the flag beside them says. */
const flags: Readonly<Record<string, string>> = {
  email: 'email_verified',
  phone_number: 'phone_number_verified',
};

const first = (claims: Claims, type: string): string | undefined => {
  const [value] = valuesOf(claims, type);
  if (value === undefined) return undefined;
  const text = textOf(value);
  return text !== '' && text.length <= longestLinkValue ? text : undefined;
};

const isVerified = (claims: Claims, flag: string): boolean => {
  const value = claims[flag];
  return value === true || (typeof value === 'string' && typedText(flag, value) === true);
};

/** By what a record is found; nothing when the provider said nothing that could name the user. */
export interface ExternalLink {
  readonly link: string;
  /** Unset where there is none, or where the provider does not say that it has proven it. */
  readonly redemption?: string;
}

/**
 * What links a sign-in to a record, reference 4.2 of the control plane. An email address or phone number redeems only when
 * the provider says that it is verified: otherwise whoever types somebody's address there would get that record here.
 */
export const externalLinkOf = (
  claims: Claims,
  settings: Pick<LinkExternalUser, 'link_claim_type' | 'redemption_claim_type'>,
): ExternalLink | undefined => {
  const link = first(claims, settings.link_claim_type);
  if (link === undefined) return undefined;
  const type = settings.redemption_claim_type;
  const redemption = type === undefined ? undefined : first(claims, type);
  const flag = type === undefined ? undefined : flags[type];
  if (redemption === undefined || (flag !== undefined && !isVerified(claims, flag))) return { link };
  return { link, redemption: redemptionValue(redemption) };
};

/** Claims with one value by their meaning (OIDC Core 5.1): two of them would be no answer. */
const single = new Set([
  ...Object.keys(standardUserClaims),
  ...Object.entries(flags).flat(),
  'preferred_username',
  ...protectedTypes,
]);

const joined = (own: readonly Json[], given: readonly Json[]): Json[] => {
  const known = own.map((value) => JSON.stringify(value));
  return [...own, ...given.filter((value) => !known.includes(JSON.stringify(value)))];
};

/** A claim and its flag come from one side: what one vouches for is not the other's. */
const sideOf = (type: string): string => Object.entries(flags).find(([, flag]) => flag === type)?.[0] ?? type;

/**
 * The claims of a sign-in with those of the user's record, reference 4.2 of the control plane: the record's come first, and
 * with `overwrite` they are all there is of their type. A claim that has one value by its meaning is the provider's, where
 * it gives one, unless it is overwritten.
 */
export const withRecordClaims = (given: Claims, record: Claims, overwrite: boolean): Claims => {
  const has = (claims: Claims, type: string): boolean => valuesOf(claims, type).length > 0;
  const isRecords = (type: string): boolean => {
    const of = sideOf(type);
    return has(record, of) && (overwrite || !has(given, of));
  };
  const types = new Set([...Object.keys(record), ...Object.keys(flags).flatMap((type) => [type, flags[type]!])]);
  return [...types].reduce<Claims>((claims, type) => {
    const own = valuesOf(record, type);
    if (isRecords(type)) return withValues(claims, type, own, Array.isArray(record[type]));
    if (single.has(type) || own.length === 0) return claims;
    return withValues(claims, type, joined(own, valuesOf(claims, type)));
  }, given);
};
