import type { LogFields, Logger } from '@corsac/telemetry';
import type { MessageContext } from '@corsac/contracts';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { messageContextOf } from './message-context.js';
import { noBody, type HttpBody } from './body.js';
import type { ClientAddressOf } from './client-address.js';
import { parseCookies } from './cookies.js';
import type { HttpRequest } from './request.js';

/** What requests of a server have in common. */
export interface RequestParts {
  readonly logger: Logger;
  readonly clientAddressOf: ClientAddressOf;
  readonly newId: () => string;
}

/** The path of a request target, without query. */
export const rawPathOf = (url: string): string => {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
};

const forwardedFor = (headers: IncomingHttpHeaders): string | undefined => {
  const value = headers['x-forwarded-for'];
  return Array.isArray(value) ? value.join(',') : value;
};

/** A request with its response. What is not asked for on every request is made when it is asked for. */
export class ServedRequest implements HttpRequest {
  readonly startedMs = performance.now();
  readonly headers: IncomingHttpHeaders;
  params: Readonly<Record<string, string>> = {};
  /** Kind of the route, such as `oauth/token`. */
  kind = 'unmatched';
  content: HttpBody = noBody;
  private id: string | undefined;
  private keptCookies: ReadonlyMap<string, string> | undefined;
  private keptLogger: Logger | undefined;
  private noted: LogFields | undefined;

  constructor(
    readonly raw: IncomingMessage,
    readonly response: ServerResponse,
    readonly rawPath: string,
    private readonly parts: RequestParts,
  ) {
    this.headers = raw.headers;
  }

  get method(): string {
    return this.raw.method!;
  }

  get rawQuery(): string {
    return this.raw.url!.slice(this.rawPath.length + 1);
  }

  get cookies(): ReadonlyMap<string, string> {
    return (this.keptCookies ??= parseCookies(this.headers.cookie));
  }

  get clientIp(): string {
    return this.parts.clientAddressOf(this.raw.socket.remoteAddress, forwardedFor(this.headers));
  }

  get requestId(): string {
    return (this.id ??= this.parts.newId());
  }

  get messageContext(): MessageContext {
    return messageContextOf(this.requestId, this.headers);
  }

  get logger(): Logger {
    return (this.keptLogger ??= this.parts.logger.child({ request_id: this.requestId, ...this.noted }));
  }

  note(fields: LogFields): void {
    this.noted = { ...this.noted, ...fields };
    this.keptLogger = undefined;
  }
}
