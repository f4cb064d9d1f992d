import type { MessageHead, NameId } from '../message-parts.js';

/** What an application asks of an identity provider. SAML Core 3.4.1. */
export interface AuthnRequest extends MessageHead {
  readonly force_authn?: boolean;
  readonly is_passive?: boolean;
  /** Where the response goes. */
  readonly assertion_consumer_service_url?: string;
  readonly assertion_consumer_service_index?: number;
  /** The binding of the response, a URI. */
  readonly protocol_binding?: string;
  readonly name_id_policy?: NameIdPolicy;
  readonly requested_authn_context?: RequestedAuthnContext;
  /** A hint who will log in. */
  readonly subject?: NameId;
  readonly attribute_consuming_service_index?: number;
  readonly provider_name?: string;
}

/** SAML Core 3.4.1.1. */
export interface NameIdPolicy {
  readonly format?: string;
  readonly allow_create?: boolean;
  readonly sp_name_qualifier?: string;
}

/** SAML Core 3.3.2.2.1. */
export interface RequestedAuthnContext {
  readonly comparison: 'exact' | 'minimum' | 'maximum' | 'better';
  readonly class_refs: readonly string[];
}
