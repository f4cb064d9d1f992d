import type { RequestedAuthnContext } from '@corsac/saml';
import type { BrowserBinding } from '../../../saml/deliver.js';

/** What a SAML down-party remembers until it answers. */
export interface SamlRequest {
  /** The assertion consumer service, one of those that are configured. */
  readonly reply_to: string;
  readonly binding: BrowserBinding;
  /** Unset where nobody asked: the sign-in began here, or at the identity provider above. */
  readonly in_response_to?: string;
  readonly relay_state?: string;
  readonly is_passive: boolean;
  readonly name_id_format?: string;
  /** The answer must be of a class that meets it. SAML Core 3.3.2.2.1 */
  readonly requested_authn_context?: RequestedAuthnContext;
}
