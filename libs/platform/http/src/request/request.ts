import type { IncomingHttpHeaders } from 'node:http';
import type { MessageContext } from '@corsac/contracts';
import type { Logger, LogFields } from '@corsac/telemetry';
import type { HttpBody } from './body.js';

/** A request as endpoints see it: `@Req() request: HttpRequest`. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Path parameters, decoded exactly once. */
  readonly params: Readonly<Record<string, string>>;
  /** Path as it came, not decoded, without query. */
  readonly rawPath: string;
  /** Query as it came, not decoded, without `?`; empty when there is none. Signatures and protocol checks need it raw. */
  readonly rawQuery: string;
  readonly content: HttpBody;
  /** First value of every cookie; browsers send the one with the most specific path first (RFC 6265 5.4). */
  readonly cookies: ReadonlyMap<string, string>;
  /** Address of the browser; a forwarded one only when a trusted proxy says so. */
  readonly clientIp: string;
  readonly requestId: string;
  /** What goes along with every question to another service. */
  readonly messageContext: MessageContext;
  /** Log that names this request and what was noted of it. */
  readonly logger: Logger;
  /** Adds tenant, track, party, sequence and the like to the log lines and metrics of this request. */
  note(fields: LogFields): void;
}
