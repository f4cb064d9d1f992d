/** A signature over a query string. SAML Bindings 3.4.4.1. */
export interface QuerySignature {
  readonly algorithm: string;
  readonly value: Uint8Array;
  /** The octets that were signed, exactly as they were received. */
  readonly signed: string;
}

/** A message as a binding delivered it. Nothing in it has been read; only the `accept` functions do. */
export interface IncomingMessage {
  readonly binding: 'redirect' | 'post' | 'soap';
  /** Which parameter carried it; SOAP carries both kinds. */
  readonly kind: 'request' | 'response' | 'any';
  readonly xml: Uint8Array;
  readonly relay_state?: string;
  readonly query_signature?: QuerySignature;
}

/** Bytes of RelayState that we make. SAML Bindings 3.4.3, 3.5.3. */
export const longestOwnRelayState = 80;

/** Characters of RelayState that a peer may send; some send whole addresses. It goes back as it came. */
export const longestRelayState = 2048;
