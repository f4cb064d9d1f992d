import type { Outcome } from '@corsac/outcome';

/** Why an outbound request gave no answer. `detail` is for the log and for administrators, never for a browser. */
export interface OutboundError {
  readonly kind: 'forbidden' | 'unreachable' | 'timeout' | 'too_large' | 'too_many_redirects' | 'bad_address';
  readonly detail: string;
}

/** An answer, whatever its status: judging it is the caller's. */
export interface OutboundResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as UTF-8 text. */
  text(): string;
  /** The body as JSON, or undefined when it is none. */
  json(): unknown;
  /** Address that answered, after redirects. */
  readonly url: string;
}

export interface OutboundOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds for everything, from name resolution to the last byte. 5000 when unsaid. */
  readonly timeout_ms?: number;
  /** Largest answer in bytes. 1 MiB when unsaid. */
  readonly max_bytes?: number;
  /** Redirects followed by a GET, every one checked anew; 3 when unsaid. A POST follows none. */
  readonly max_redirects?: number;
}

/**
 * HTTP client for addresses that an administrator or a partner typed. Only https, no private, loopback, link-local or
 * metadata address unless the installation allows it, and the address that was checked is the one connected to.
 */
export interface OutboundClient {
  get(url: string, options?: OutboundOptions): Promise<Outcome<OutboundResponse, OutboundError>>;
  post(
    url: string,
    body: string,
    contentType: string,
    options?: OutboundOptions,
  ): Promise<Outcome<OutboundResponse, OutboundError>>;
}
