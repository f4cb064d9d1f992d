import type { BrowserBinding } from '../../../saml/deliver.js';

/** What a SAML down-party remembers until it answers. */
export interface SamlRequest {
  /** The assertion consumer service, one of those that are configured. */
  readonly reply_to: string;
  readonly binding: BrowserBinding;
  readonly in_response_to: string;
  readonly relay_state?: string;
  readonly is_passive: boolean;
  readonly name_id_format?: string;
  /** The application takes nothing but a second factor. */
  readonly needs_mfa: boolean;
}
