import { protectedSamlTypes, protectedTypes, transformClaims, type ClaimTransform, type Claims } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { SamlClaims } from '@corsac/saml';
import { noteTransforms, type ClaimsPlace, type Note } from '../journey/claims-step.js';

const single = [...protectedTypes, ...protectedSamlTypes];

const asClaims = (claims: SamlClaims): Claims =>
  Object.fromEntries(
    [...claims].map(([type, values]) => [type, values.length === 1 ? (values[0] ?? '') : [...values]]),
  );

const asSaml = (claims: Claims): SamlClaims =>
  new Map(
    Object.entries(claims).map(([type, value]) => [
      type,
      [value].flat().map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    ]),
  );

/** Whose rules run, and who takes down what they did; without it nobody does. */
export interface SamlClaimsPlace extends Pick<ClaimsPlace, 'party'> {
  readonly told?: { readonly track: string; readonly note: Note } | undefined;
}

/**
 * Runs a SAML party's claim transforms, which speak SAML names.
 * @returns the claims, or a line for the log that names the rule that failed
 */
export const transformSaml = (
  claims: SamlClaims,
  rules: readonly ClaimTransform[],
  { party, told }: SamlClaimsPlace,
): Outcome<SamlClaims, string> => {
  if (rules.length === 0) return ok(claims);
  const given = asClaims(claims);
  const transformed = transformClaims(given, rules, single);
  if (told) noteTransforms(told.note, { track: told.track, party }, given, transformed);
  if (transformed.ok) return ok(asSaml(transformed.value.claims));
  return fail(`claim transform ${transformed.error.rule} of ${party}: ${transformed.error.message}`);
};
