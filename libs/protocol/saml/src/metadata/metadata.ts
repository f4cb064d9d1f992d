/** A key of a party. `use` is undefined when it serves both. SAML Metadata 2.4.1.1. */
export interface MetadataKey {
  readonly use?: 'signing' | 'encryption';
  /** Base64 of the DER of the certificate. */
  readonly certificate: string;
}

/** Where a party takes messages. SAML Metadata 2.2.2. */
export interface Endpoint {
  /** A binding URI. */
  readonly binding: string;
  readonly location: string;
  /** Where answers go when not to `location`. */
  readonly response_location?: string;
}

/** SAML Metadata 2.2.3. */
export interface IndexedEndpoint extends Endpoint {
  readonly index: number;
  readonly is_default?: boolean;
}

/** An attribute that an application asks for. SAML Metadata 2.4.4.2. */
export interface RequestedAttribute {
  readonly name: string;
  readonly name_format?: string;
  readonly friendly_name?: string;
  readonly is_required?: boolean;
}

/** SAML Metadata 2.4.4.1. */
export interface AttributeConsumingService {
  readonly index: number;
  readonly is_default?: boolean;
  readonly service_name: string;
  readonly language?: string;
  readonly requested_attributes: readonly RequestedAttribute[];
}

/** What both roles have. SAML Metadata 2.4.2. */
export interface SsoRole {
  readonly keys: readonly MetadataKey[];
  readonly single_logout_services: readonly Endpoint[];
  readonly name_id_formats: readonly string[];
}

/** SAML Metadata 2.4.3. */
export interface IdpRole extends SsoRole {
  readonly want_authn_requests_signed?: boolean;
  readonly single_sign_on_services: readonly Endpoint[];
}

/** SAML Metadata 2.4.4. */
export interface SpRole extends SsoRole {
  readonly authn_requests_signed?: boolean;
  readonly want_assertions_signed?: boolean;
  readonly assertion_consumer_services: readonly IndexedEndpoint[];
  readonly attribute_consuming_services: readonly AttributeConsumingService[];
}

/** SAML Metadata 2.3.2.1. */
export interface Organization {
  readonly name: string;
  readonly display_name: string;
  readonly url: string;
  readonly language?: string;
}

/** SAML Metadata 2.3.2.2. */
export interface ContactPerson {
  readonly contact_type: 'technical' | 'support' | 'administrative' | 'billing' | 'other';
  readonly company?: string;
  readonly given_name?: string;
  readonly surname?: string;
  readonly email_address?: string;
  readonly telephone_number?: string;
}

/** One party's metadata. Times are unix seconds. SAML Metadata 2.3.2. */
export interface EntityMetadata {
  readonly entity_id: string;
  readonly valid_until?: number;
  /** Seconds. */
  readonly cache_duration?: number;
  readonly idp?: IdpRole;
  readonly sp?: SpRole;
  readonly organization?: Organization;
  readonly contact_persons?: readonly ContactPerson[];
}
