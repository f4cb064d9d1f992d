import type { Outcome } from '@corsac/outcome';
import type { OAuthError, Parameters } from '@corsac/oauth';
import type { TokenOrder } from '../issue/issue-tokens.js';
import type { AddressedParty } from '../party/addressed-party.js';

/** A token request whose client has proven itself; what every grant is given. */
export interface GrantRequest {
  readonly party: AddressedParty;
  readonly parameters: Parameters;
  /** Thumbprint of the DPoP key, when a proof came and was checked. */
  readonly dpop_jkt?: string;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * What is a grant's own: from its parameters to what shall be issued. Client, proof and keys have been looked at before, tokens
 * are made and the answer is written afterwards, the same for all. @throws StoreUnavailable
 */
export type Grant = (
  request: GrantRequest,
) => Outcome<TokenOrder, OAuthError> | Promise<Outcome<TokenOrder, OAuthError>>;
