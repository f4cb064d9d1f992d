import type { MessageHead, NameId } from '../message-parts.js';
import type { SamlStatus } from '../status.js';

/** Asks the other side to end sessions of a user. SAML Core 3.7.1. */
export interface LogoutRequest extends MessageHead {
  readonly name_id: NameId;
  /** Which sessions; none means all of the user. */
  readonly session_indexes: readonly string[];
  /** Unix seconds after which the request is void. */
  readonly not_on_or_after?: number;
  readonly reason?: string;
}

/** The answer to it. SAML Core 3.7.2. */
export interface LogoutResponse extends MessageHead {
  readonly in_response_to?: string;
  readonly status: SamlStatus;
}
