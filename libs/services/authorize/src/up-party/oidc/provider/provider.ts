import type { SigningAlg, VerificationKey } from '@corsac/jwt';

/** What is known of the provider behind an up-party: discovered, or written by hand. */
export interface Provider {
  /** Who may send an authentication response (RFC 9207 2.4): the discovered issuer, or those written by hand. */
  readonly answering: readonly string[];
  /** Issuers of its tokens, compared byte for byte: the discovered one and those that the administrator listed. */
  readonly issuers: readonly string[];
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
  readonly algs: readonly SigningAlg[];
  readonly keys: readonly VerificationKey[];
  /** It always names itself in its responses, so that one without `iss` is not its own. RFC 9207 3. */
  readonly iss_required: boolean;
}

/** Why nothing is known of it: it does not answer, or what it says cannot be used. `detail` is for the log. */
export interface ProviderMiss {
  readonly kind: 'away' | 'unusable';
  readonly detail: string;
}
