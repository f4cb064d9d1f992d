import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { sendBody, type HttpAnswer } from '../answer/answer.js';
import { plainError } from '../answer/error-answer.js';
import type { Health } from '../health/health.js';
import { rawPathOf } from '../request/served-request.js';
import { writeAnswer } from './write-answer.js';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Who answers a path (raw, without query); nobody means 404. */
  readonly handlerOf: (path: string) => RequestHandler | undefined;
  readonly health: Health;
  /** Prometheus text for `/metrics`. */
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Requests are read within these limits; who is slower or larger is cut off (408, 431). */
const limits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  // Refused here, so that this answer has its headers as every other.
  requireHostHeader: false,
} as const;
const maxHeaders = 100;

const statusOfParserError = (code: string | undefined): string => {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
};

/** A request that is no HTTP gets a short answer, never a 5xx. */
const answerUnreadable = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const headers =
    'Connection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff';
  socket.end(`HTTP/1.1 ${statusOfParserError(error.code)}\r\n${headers}\r\n\r\n`);
};

/** RFC 9112 3.2: what speaks HTTP/1.1 names the host, although nothing here is made of that name. */
const namesHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host !== undefined || httpVersion !== '1.1';

const refusal = (status: number, { headers }: IncomingMessage): HttpAnswer =>
  plainError({ status, accept: headers.accept, request_id: '-' });

/** The one listening socket of a process. It answers health and metrics itself and hands the rest on. */
export class Listener {
  private readonly server: Server;

  constructor(private readonly options: ListenerOptions) {
    this.server = createServer({ ...limits, noDelay: true }, (request, response) => this.take(request, response));
    this.server.maxHeadersCount = maxHeaders;
    // An expectation that nobody knows may be passed over (RFC 9110 10.1.1).
    this.server.on('checkExpectation', (request, response) => this.take(request, response));
    this.server.on('clientError', (error, socket) => answerUnreadable(error, socket as Socket));
  }

  /** Begins to listen. @throws the system's error, such as EADDRINUSE */
  async listen(): Promise<AddressInfo> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return this.server.address() as AddressInfo;
  }

  /**
   * Stops listening, lets running requests end and cuts what is left after the grace.
   * @param grace_ms how long running requests may take
   */
  async close(grace_ms: number): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), grace_ms);
    await closed;
    clearTimeout(timer);
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    // Who keeps a connection open learns with its next answer to open the next one elsewhere.
    if (this.options.health.isDraining) response.setHeader('connection', 'close');
    if (!namesHost(request)) return writeAnswer(response.setHeader('connection', 'close'), refusal(400, request));
    const path = rawPathOf(request.url ?? '/');
    const handler = this.options.handlerOf(path);
    if (handler) return handler(request, response);
    return void this.answerOwn(path, request).then((answer) => writeAnswer(response, answer));
  }

  private async answerOwn(path: string, request: IncomingMessage): Promise<HttpAnswer> {
    const { health, metrics } = this.options;
    if (path === '/health/live') return health.live();
    if (path === '/health/ready') return health.ready();
    if (path === '/metrics') {
      const { text, contentType } = await metrics();
      return sendBody(text, contentType);
    }
    return refusal(404, request);
  }
}
