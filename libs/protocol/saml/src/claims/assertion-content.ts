import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import type { NameId } from '../message-parts.js';
import { attributeNameFormats, authnContexts, nameIdFormats } from '../names.js';
import type { NewAssertion } from '../response/make-assertion.js';
import type { SamlAttribute } from '../response/assertion.js';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import { readInstant } from '../time.js';
import type { SamlClaims } from './assertion-claims.js';
import { samlClaims } from './claim-names.js';

/** How the user is named to an application. */
export interface NameIdRule {
  /** The application's configured format; wins over everything. */
  readonly format?: string;
  /** The format that the request asked for. */
  readonly requested_format?: string;
  /** A fresh random identifier, used when the format is transient. SAML Core 8.3.8. */
  readonly transient_id: string;
  /** Our and the application's entity ID, said of persistent identifiers. SAML Core 8.3.7. */
  readonly qualifiers?: Pick<NameId, 'name_qualifier' | 'sp_name_qualifier'>;
}

function formatOf({ format, requested_format }: NameIdRule, claims: SamlClaims): string {
  if (format !== undefined) return format;
  if (requested_format !== undefined && requested_format !== nameIdFormats.unspecified) return requested_format;
  return claims.get(samlClaims.nameIdFormat)?.[0] ?? nameIdFormats.persistent;
}

/** The name identifier, by the format that is in force. */
function nameIdOf(claims: SamlClaims, rule: NameIdRule): Outcome<NameId, SamlError> {
  const format = formatOf(rule, claims);
  if (format === nameIdFormats.transient) return ok({ value: rule.transient_id, format });
  const isEmail = format === nameIdFormats.emailAddress;
  const value = claims.get(isEmail ? samlClaims.email : samlClaims.nameIdentifier)?.[0];
  if (!value?.trim()) {
    const what = isEmail ? 'email address' : 'subject';
    return refuse('subject', 'subject_missing', `The user has no ${what} to make a name identifier of.`);
  }
  return ok({ value, format, ...(format === nameIdFormats.persistent ? rule.qualifiers : {}) });
}

/** SAML Core 8.2: a name that is a URI says so. */
const attributeOf = ([name, values]: readonly [string, readonly string[]]): SamlAttribute => ({
  name,
  name_format: name.includes(':') ? attributeNameFormats.uri : attributeNameFormats.basic,
  values,
});

/**
 * Turns the claims of an application into what its assertion says: name identifier, login and attributes. With no
 * attribute to send, one `name` is sent, because some applications refuse an assertion without.
 * @param all every claim of the user, for the name identifier and the login
 * @param issued those that go as attributes
 */
export function assertionContent(
  all: SamlClaims,
  issued: SamlClaims,
  rule: NameIdRule,
): Outcome<Pick<NewAssertion, 'name_id' | 'authn' | 'attributes'>, SamlError> {
  const name_id = nameIdOf(all, rule);
  if (!name_id.ok) return name_id;
  const instant = readInstant(all.get(samlClaims.authenticationInstant)?.[0] ?? '');
  if (instant === undefined)
    return refuse('authn_statement', 'subject_missing', 'It is not known when the user logged in.');
  const fallback: [string, string[]][] = [[samlClaims.name, [name_id.value.value]]];
  return ok({
    name_id: name_id.value,
    authn: {
      instant,
      session_index: all.get(samlClaims.sessionIndex)?.[0],
      class_ref: all.get(samlClaims.authenticationMethod)?.[0] ?? authnContexts.unspecified,
    },
    attributes: (issued.size > 0 ? [...issued] : fallback).map(attributeOf),
  });
}
