import type { Logger, Metrics } from '@corsac/telemetry';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpAnswer, withHeaders } from '../answer/answer.js';
import { RepeatableAnswer, sendReady } from '../answer/conditional.js';
import { plainError } from '../answer/error-answer.js';
import { defaultBodyLimit } from '../request/body.js';
import type { ClientAddressOf } from '../request/client-address.js';
import { readBody } from '../request/read-body.js';
import { rawPathOf, ServedRequest, type RequestParts } from '../request/served-request.js';
import { BareAdapter } from './bare-adapter.js';
import { bodyLimitOf } from './body-limit.js';
import { RepeatableAnswers, type Repeatable } from './repeatable-answers.js';
import { createRequestIds } from './request-ids.js';
import { Router } from './router.js';
import { writeAnswer } from './write-answer.js';

export interface HttpAdapterOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clientAddressOf: ClientAddressOf;
  /** A debug line for every request; what fails is told in any case. */
  readonly logRequests?: boolean;
}

/** An endpoint within Nest, which calls `reply` when it has an answer. */
type Endpoint = (request: ServedRequest, response: ServedRequest) => Promise<unknown>;

interface Route {
  readonly endpoint: Endpoint;
  readonly kind: string;
  readonly bodyLimit: number;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** Of these a body has no meaning (RFC 9110 9.3.1); nobody reads it. */
const withoutBody: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD']);

/** `/:tenant/:track/:party/oauth/token` is of the kind `oauth/token`. */
const kindOf = (pattern: string): string => pattern.replace(/^(\/:[^/]+)+\/?|^\//, '').replace(/[:*]/g, '') || 'root';

/** What Nest declares routes with: a function for each method. */
const routesInto = (router: Router<Route>): object => {
  const add =
    (...added: readonly string[]) =>
    (pattern: string, endpoint: Endpoint): void => {
      const route = { endpoint, kind: kindOf(pattern), bodyLimit: bodyLimitOf(endpoint) ?? defaultBodyLimit };
      for (const method of added) router.add(method, pattern, route);
    };
  return Object.fromEntries([
    ...methods.map((method) => [method.toLowerCase(), add(method)]),
    ['all', add(...methods)],
  ]) as object;
};

/**
 * Nest's adapter, cut down to what Corsac's endpoints use: raw forms and queries, answers as values. It listens nowhere
 * itself; the process's one listener hands requests to `handle`. To Nest a request and its response are one object.
 */
export class HttpAdapter extends BareAdapter {
  private readonly router: Router<Route>;
  private readonly repeatable = new RepeatableAnswers();
  private readonly requestParts: RequestParts;

  constructor(private readonly parts: HttpAdapterOptions) {
    const router = new Router<Route>();
    super(routesInto(router));
    this.router = router;
    this.requestParts = { ...parts, newId: createRequestIds() };
  }

  /** Takes a request from a listener. The adapter must be initialised. */
  handle = (raw: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url = '/' } = raw;
    const path = rawPathOf(url);
    const known = method === 'GET' && path === url && !this.parts.logRequests ? this.repeatable.find(path) : undefined;
    if (known) return this.repeat(known, raw, response);
    const request = new ServedRequest(raw, response, path, this.requestParts);
    const found = this.router.find(method, path);
    if (typeof found === 'number') return this.refuse(request, found);
    const { route, params } = found;
    request.params = params;
    request.kind = route.kind;
    const served = withoutBody.has(method) ? route.endpoint(request, request) : this.serveWithBody(request, route);
    served.catch((error: unknown) => this.giveUp(request, error));
  };

  /** Writes what an endpoint gave back. Anything but an answer is a bug: it would leave without its headers. */
  override reply(request: ServedRequest, answer: unknown): void {
    if (!(answer instanceof HttpAnswer)) throw new Error('an endpoint gave back something that is no HttpAnswer');
    this.measure(request, answer.status);
    if (answer instanceof RepeatableAnswer) this.keep(request, answer);
    writeAnswer(request.response, answer);
  }

  override isHeadersSent({ response }: ServedRequest): boolean {
    return response.headersSent;
  }

  private async serveWithBody(request: ServedRequest, { endpoint, bodyLimit }: Route): Promise<unknown> {
    const body = await readBody(request.raw, bodyLimit);
    if (typeof body === 'number') return this.refuse(request, body, { connection: 'close' });
    request.content = body;
    return endpoint(request, request);
  }

  /** `connection: close` where more of the request may come, which nobody reads. */
  private refuse(request: ServedRequest, status: number, headers: { connection?: 'close' } = {}): void {
    const { requestId: request_id } = request;
    const answer = plainError({ status, accept: request.headers.accept, request_id });
    this.reply(request, withHeaders(answer, headers));
  }

  /** Nest answers what endpoints throw; what comes here went wrong while answering. */
  private giveUp({ logger, response }: ServedRequest, error: unknown): void {
    logger.error({ error }, 'a request could not be answered');
    response.destroy();
  }

  private repeat({ answer, ...measured }: Repeatable, request: IncomingMessage, response: ServerResponse): void {
    const startedMs = performance.now();
    const sent = sendReady(answer.ready, request.headers);
    writeAnswer(response, sent);
    this.parts.metrics.request({ ...measured, status: sent.status, duration_ms: performance.now() - startedMs });
  }

  private keep({ method, rawPath, raw, kind, params }: ServedRequest, answer: RepeatableAnswer): void {
    // Anybody can make up any number of queries.
    if (method !== 'GET' || raw.url !== rawPath) return;
    const { tenant, track } = params;
    this.repeatable.keep(rawPath, { answer, route: kind, tenant, track });
  }

  private measure(request: ServedRequest, status: number): void {
    const { kind: route, startedMs, params } = request;
    const duration_ms = performance.now() - startedMs;
    this.parts.metrics.request({ route, status, duration_ms, tenant: params['tenant'], track: params['track'] });
    if (status >= 500) request.logger.warn({ route, status, duration_ms }, 'request failed');
    else if (this.parts.logRequests) request.logger.debug({ route, status, duration_ms }, 'request');
  }
}
