/**
 * Claims that have one value by their meaning: adding to one becomes replacing it, reference 7.2. `acr` and `amr` are in the
 * list as there; `amr` keeps an array that it already had until a rule replaces it.
 */
export const protectedTypes: readonly string[] = [
  'sub',
  'sid',
  'auth_time',
  'acr',
  'amr',
  'exp',
  'nbf',
  'iat',
  'nonce',
  'azp',
  'at_hash',
  'c_hash',
];

/** SAML attribute types of the same kind, for rules of SAML parties that run on SAML names. */
export const protectedSamlTypes: readonly string[] = [
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationinstant',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod',
];

/** Claims whose JSON type is not text: a rule that writes one of them gives the number or boolean that its text spells. */
const numbers = ['auth_time', 'exp', 'nbf', 'iat', 'updated_at'];
const booleans = ['email_verified', 'phone_number_verified'];

/** A written text in the JSON type that the claim has by its specification (OIDC Core 2 and 5.1). */
export const typedText = (type: string, text: string): string | number | boolean => {
  if (numbers.includes(type) && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (booleans.includes(type) && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};
