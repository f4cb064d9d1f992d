import type { LogFields, Logger } from '@corsac/telemetry';
import type { FastifyInstance } from 'fastify';
import { messageContextOf } from './message-context.js';
import { noBody, type HttpBody } from './body.js';
import type { ClientAddressOf } from './client-address.js';
import { parseCookies } from './cookies.js';
import type { HttpRequest } from './request.js';

/** What is kept with a request beside what Fastify keeps; every member is filled when first asked for. */
interface Kept {
  id: string;
  raw: { url?: string; socket: { remoteAddress?: string } };
  headers: HttpRequest['headers'];
  body: HttpBody | undefined;
  noted: LogFields | null;
  keptCookies: ReadonlyMap<string, string> | null;
  keptLogger: Logger | null;
  startedMs: number;
}

/** The path of a request target, without query. */
export const rawPathOf = (url: string): string => {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
};

const rawQueryOf = (url: string): string => {
  const query = url.indexOf('?');
  return query < 0 ? '' : url.slice(query + 1);
};

/** Gives every request of a server the members of `HttpRequest`; they stand on the prototype and cost nothing unused. */
export const decorateRequests = (fastify: FastifyInstance, logger: Logger, clientAddressOf: ClientAddressOf): void => {
  const getter = (name: keyof HttpRequest, read: (request: Kept) => unknown): void => {
    fastify.decorateRequest(name, {
      getter() {
        return read(this as unknown as Kept);
      },
    } as never);
  };
  for (const name of ['noted', 'keptCookies', 'keptLogger'] as const) fastify.decorateRequest(name, null as never);
  fastify.decorateRequest('startedMs', 0 as never);
  getter('rawPath', ({ raw }) => rawPathOf(raw.url ?? ''));
  getter('rawQuery', ({ raw }) => rawQueryOf(raw.url ?? ''));
  getter('content', ({ body }) => body ?? noBody);
  getter('cookies', (request) => (request.keptCookies ??= parseCookies(request.headers.cookie)));
  getter('clientIp', ({ raw, headers }) => clientAddressOf(raw.socket.remoteAddress, forwardedFor(headers)));
  getter('requestId', ({ id }) => id);
  getter('messageContext', ({ id, headers }) => messageContextOf(id, headers));
  getter('logger', (request) => (request.keptLogger ??= logger.child({ request_id: request.id, ...request.noted })));
  fastify.decorateRequest('note', function (this: unknown, fields: LogFields): void {
    const request = this as Kept;
    request.noted = { ...request.noted, ...fields };
    request.keptLogger = null;
  } as never);
};

const forwardedFor = (headers: HttpRequest['headers']): string | undefined => {
  const value = headers['x-forwarded-for'];
  return Array.isArray(value) ? value.join(',') : value;
};
