import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger, Metrics } from '@corsac/telemetry';
import type { FastifyInstance } from 'fastify';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { HttpAnswer } from '../answer/answer.js';
import { RepeatableAnswer, sendReady } from '../answer/conditional.js';
import { plainError } from '../answer/error-answer.js';
import { defaultBodyLimit } from '../request/body.js';
import type { ClientAddressOf } from '../request/client-address.js';
import { decorateRequests } from '../request/decorate-requests.js';
import type { HttpRequest } from '../request/request.js';
import { writeAnswer } from './write-answer.js';
import { registerParsers } from './register-parsers.js';
import { RepeatableAnswers, type Repeatable } from './repeatable-answers.js';
import { createRequestIds } from './request-ids.js';

export interface HttpAdapterOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clientAddressOf: ClientAddressOf;
  /** A debug line for every request; what fails is told in any case. */
  readonly logRequests?: boolean;
}

interface Reply {
  readonly request: HttpRequest & {
    readonly startedMs: number;
    readonly routeOptions: { readonly url?: string };
    readonly raw: IncomingMessage;
  };
  readonly raw: ServerResponse;
  hijack(): Reply;
  hasHeader(name: string): boolean;
  code(status: number): Reply;
  headers(headers: object): Reply;
  send(body: unknown): unknown;
}

/** A binding of four names, percent-encoded, is longer than the router's own limit for a segment. */
const maxSegment = 2000;
const noQuery = (): object => ({});

/** `/:tenant/:track/:party/oauth/token` is of the kind `oauth/token`. */
const kindOf = (pattern: string): string => pattern.replace(/^(\/:[^/]+)+\/?|^\//, '').replace(/[:*]/g, '') || 'root';

const routerOptions = { maxParamLength: maxSegment, querystringParser: noQuery };

/**
 * Nest on Fastify, cut down to what Corsac's endpoints use: raw forms and queries, answers as values. It listens
 * nowhere itself; the process's one listener hands requests to `handle`.
 */
export class HttpAdapter extends FastifyAdapter {
  private readonly repeatable = new RepeatableAnswers();
  private readonly kinds = new Map<string | undefined, string>([[undefined, 'unmatched']]);
  private readonly parts: HttpAdapterOptions;

  constructor(parts: HttpAdapterOptions) {
    super({
      skipMiddie: true,
      multipart: false,
      bodyLimit: defaultBodyLimit,
      return503OnClosing: false,
      genReqId: createRequestIds(),
      routerOptions,
      serverFactory: (handler: (request: IncomingMessage, response: ServerResponse) => void) => createServer(handler),
      frameworkErrors: (error: { statusCode?: number }, request: HttpRequest, reply: Reply) =>
        this.reply(reply, plainErrorFor(error.statusCode ?? 400, request)),
    } as never);
    this.parts = parts;
    const fastify = this.getInstance<FastifyInstance>();
    registerParsers(fastify);
    decorateRequests(fastify, parts.logger, parts.clientAddressOf);
    fastify.addHook('onRoute', (route) => {
      const limit = (route.config as { bodyLimit?: number } | undefined)?.bodyLimit;
      if (limit !== undefined) route.bodyLimit = limit;
    });
    this.setOnRequestHook((request, _reply, done) => {
      (request as unknown as { startedMs: number }).startedMs = performance.now();
      done();
    });
  }

  /** Takes a request from a listener. The adapter must be initialised. */
  handle = (request: IncomingMessage, response: ServerResponse): void => {
    const known = request.method === 'GET' ? this.repeatable.find(request.url ?? '') : undefined;
    if (known && !this.parts.logRequests) return this.repeat(known, request, response);
    this.getInstance<FastifyInstance>().routing(request, response);
  };

  /** Writes what an endpoint gave back. Anything but an answer is a bug: it would leave without its headers. */
  override reply(response: unknown, body: unknown, _status?: number): ReturnType<FastifyAdapter['reply']> {
    if (!(body instanceof HttpAnswer)) throw new Error('an endpoint gave back something that is no HttpAnswer');
    const reply = response as Reply;
    this.measure(reply.request, body.status);
    if (body instanceof RepeatableAnswer) this.keep(reply.request, body);
    if (body.body instanceof Readable)
      return reply.code(body.status).headers(body.headers).send(body.body) as ReturnType<FastifyAdapter['reply']>;
    // The answer is whole: of what Fastify would do to it, only the end of a connection that was not read to its end is wanted.
    if (reply.hasHeader('connection')) reply.raw.setHeader('connection', 'close');
    writeAnswer(reply.hijack().raw, body);
    return undefined as never;
  }

  private repeat({ answer, ...measured }: Repeatable, request: IncomingMessage, response: ServerResponse): void {
    const startedMs = performance.now();
    const { ready } = answer;
    const { status, headers } = sendReady(ready, request.headers);
    response.writeHead(status, headers as Record<string, string>).end(status === 200 ? ready.text : undefined);
    this.parts.metrics.request({ ...measured, status, duration_ms: performance.now() - startedMs });
  }

  private keep({ raw, params, routeOptions }: Reply['request'], answer: RepeatableAnswer): void {
    if (raw.method !== 'GET') return;
    const { tenant, track } = params;
    this.repeatable.keep(raw.url ?? '', { answer, route: this.kindOfRoute(routeOptions.url), tenant, track });
  }

  private measure(request: Reply['request'], status: number): void {
    const route = this.kindOfRoute(request.routeOptions.url);
    const duration_ms = performance.now() - request.startedMs;
    const { tenant, track } = request.params ?? {};
    this.parts.metrics.request({ route, status, duration_ms, tenant, track });
    if (status >= 500) request.logger.warn({ route, status, duration_ms }, 'request failed');
    else if (this.parts.logRequests) request.logger.debug({ route, status, duration_ms }, 'request');
  }

  private kindOfRoute(pattern: string | undefined): string {
    const known = this.kinds.get(pattern);
    if (known !== undefined) return known;
    const kind = kindOf(pattern ?? '');
    this.kinds.set(pattern, kind);
    return kind;
  }
}

const plainErrorFor = (status: number, request: HttpRequest): HttpAnswer =>
  plainError({ status, accept: request.headers.accept, request_id: request.requestId });
