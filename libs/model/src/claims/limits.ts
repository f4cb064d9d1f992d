import { claimLimits, type Claims } from './claims.js';
import { sizeOf, valuesOf } from './values.js';

const typeFault = (claims: Claims, type: string, longestType: number): string | undefined => {
  if (type.length > longestType) return `claim type ${type.slice(0, 40)}... is longer than ${longestType} characters`;
  const values = valuesOf(claims, type);
  if (values.length > claimLimits.values) return `claim ${type} has more than ${claimLimits.values} values`;
  const long = values.some((value) => sizeOf(value, claimLimits.value) > claimLimits.value);
  return long
    ? `a value of claim ${type} is longer than ${claimLimits.value} characters or nested too deeply`
    : undefined;
};

/**
 * Tells what makes a set of claims too large, reference 7.1, or nothing when it fits.
 * @param types those whose own figures are looked at; the sum is always over all
 * @param longestType 100 characters, 300 where types have SAML names
 */
export const limitFault = (
  claims: Claims,
  types: readonly string[] = Object.keys(claims),
  longestType: number = claimLimits.type,
): string | undefined => {
  if (Object.keys(claims).length > claimLimits.types) return `there are more than ${claimLimits.types} claims`;
  for (const type of types) {
    const fault = typeFault(claims, type, longestType);
    if (fault) return fault;
  }
  const total = Object.values(claims).reduce<number>((sum, value) => sum + sizeOf(value, claimLimits.total), 0);
  return total > claimLimits.total ? `the claims are longer than ${claimLimits.total} characters together` : undefined;
};
