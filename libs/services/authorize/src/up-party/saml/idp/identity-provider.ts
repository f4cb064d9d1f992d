import type { KeyObject } from 'node:crypto';
import type { BrowserBinding } from '../../../saml/deliver.js';

/** One address of an identity provider. */
export interface IdpEndpoint {
  readonly binding: BrowserBinding;
  readonly location: string;
  /** Where answers go when not to `location`. SAML Metadata 2.2.2. */
  readonly response_location?: string;
}

/** What is known of a SAML identity provider: from its metadata, with what is written down overruling it. */
export interface IdentityProvider {
  readonly entity_id: string;
  /** Keys for its signatures; never empty. */
  readonly keys: readonly KeyObject[];
  readonly wants_signed_requests: boolean;
  readonly single_sign_on: readonly IdpEndpoint[];
  readonly single_logout: readonly IdpEndpoint[];
  /** Where it takes logout requests over SOAP, without a browser. */
  readonly single_logout_soap?: string;
}

/** Why nothing is known of it: it does not answer, or what it says cannot be used. `detail` is for the log. */
export interface IdpMiss {
  readonly kind: 'away' | 'unusable';
  readonly detail: string;
}

/** The address for the binding that is wanted; without a wish the first, of those that browsers carry. */
export const endpointFor = (
  endpoints: readonly IdpEndpoint[],
  wanted: BrowserBinding | undefined,
): IdpEndpoint | undefined =>
  wanted === undefined ? endpoints[0] : endpoints.find(({ binding }) => binding === wanted);
