import type { NameId } from '../message-parts.js';

/** A statement about the user with any number of values. SAML Core 2.7.3.1. */
export interface SamlAttribute {
  readonly name: string;
  readonly name_format?: string;
  readonly friendly_name?: string;
  readonly values: readonly string[];
}

/** Under which circumstances the assertion is about who presents it. SAML Core 2.4.1.1. Times are unix seconds. */
export interface SubjectConfirmation {
  readonly method: string;
  readonly recipient?: string;
  readonly in_response_to?: string;
  readonly not_before?: number;
  readonly not_on_or_after?: number;
}

/** SAML Core 2.5.1. */
export interface Conditions {
  readonly not_before?: number;
  readonly not_on_or_after?: number;
  /** Every restriction must name us; within one, any of its audiences may. */
  readonly audience_restrictions: readonly (readonly string[])[];
  readonly one_time_use: boolean;
}

/** How and when the user logged in. SAML Core 2.7.2. */
export interface AuthnStatement {
  readonly instant: number;
  readonly session_index?: string;
  readonly session_not_on_or_after?: number;
  readonly class_ref?: string;
  readonly authenticating_authorities: readonly string[];
}

/** An assertion, with its values as they stand in it. SAML Core 2.3.3. */
export interface Assertion {
  readonly id: string;
  readonly issuer: string;
  readonly issued_at: number;
  readonly name_id?: NameId;
  readonly confirmations: readonly SubjectConfirmation[];
  readonly conditions?: Conditions;
  readonly authn?: AuthnStatement;
  readonly attributes: readonly SamlAttribute[];
}
