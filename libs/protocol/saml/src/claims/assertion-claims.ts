import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import { nameIdFormats } from '../names.js';
import type { Assertion } from '../response/assertion.js';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import { writeInstant } from '../time.js';
import { reservedSamlClaims, samlClaims } from './claim-names.js';

/** Claims in SAML spelling: attribute name to values. Transforms of SAML parties work on these. */
export type SamlClaims = ReadonlyMap<string, readonly string[]>;

/** Without NameID, the attribute that says who the user is. */
const substitutes = [samlClaims.upn, samlClaims.email, samlClaims.name];

/**
 * Turns an accepted assertion into claims: its attributes, and beside them who the user is, the session and the login.
 * An attribute cannot stand in for those; several attributes of one name add up.
 * @returns the claims, or a refusal when the assertion names nobody
 */
export function claimsOfAssertion(assertion: Assertion): Outcome<SamlClaims, SamlError> {
  const claims = new Map<string, readonly string[]>();
  for (const { name, values } of assertion.attributes) {
    if (reservedSamlClaims.has(name.toLowerCase()) || values.length === 0) continue;
    claims.set(name, [...(claims.get(name) ?? []), ...values]);
  }
  const { name_id, authn } = assertion;
  const substitute = substitutes
    .map((name) => claims.get(name)?.[0])
    .find((value) => value !== undefined && value !== '');
  const who = name_id?.value ?? substitute;
  if (who === undefined) {
    return refuse(
      'subject',
      'subject_missing',
      'The assertion has neither a NameID nor a upn, email or name attribute.',
    );
  }
  claims.set(samlClaims.nameIdentifier, [who]);
  claims.set(samlClaims.nameIdFormat, [name_id?.format ?? nameIdFormats.persistent]);
  if (authn) claims.set(samlClaims.authenticationInstant, [writeInstant(authn.instant)]);
  if (authn?.session_index !== undefined) claims.set(samlClaims.sessionIndex, [authn.session_index]);
  if (authn?.class_ref !== undefined) claims.set(samlClaims.authenticationMethod, [authn.class_ref]);
  return ok(claims);
}
