import { request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Target } from './target.js';

/** Headers of one connection, not of the message: RFC 9110 7.6.1. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
/** What a client says about itself in these is dropped: only the router knows. */
const ofProxies = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
];
const dropped = new Set([...ofConnection, ...ofProxies]);

const namedByConnection = (value: string | undefined): string[] =>
  (value ?? '').split(',').map((name) => name.trim().toLowerCase());

type Headers = Record<string, string | string[]>;

const kept = (message: IncomingMessage, alsoDropped: ReadonlySet<string>): Headers => {
  const named = new Set(namedByConnection(message.headers.connection));
  const headers: Headers = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined && !alsoDropped.has(name) && !named.has(name)) headers[name] = value;
  }
  return headers;
};

const toReplica = (request: IncomingMessage): Headers => ({
  ...kept(request, dropped),
  // A body without length goes on in chunks, as it came.
  ...(request.headers['transfer-encoding'] !== undefined && { 'transfer-encoding': 'chunked' }),
  'x-forwarded-for': request.socket.remoteAddress ?? '',
  'x-forwarded-proto': 'http',
  ...(request.headers.host !== undefined && { 'x-forwarded-host': request.headers.host }),
});

const unavailable = (response: ServerResponse): void => {
  if (response.headersSent) return void response.destroy();
  const body = '{"error":"temporarily_unavailable","error_description":"No replica takes this request."}';
  response
    .writeHead(503, { 'content-type': 'application/json', 'retry-after': '1', 'cache-control': 'no-store' })
    .end(body);
};

/** Whether sending again cannot do anything twice: nothing was sent at all, or the method promises it (RFC 9110 9.2.2). */
const mayRepeat = (error: NodeJS.ErrnoException, { method }: IncomingMessage, sent: boolean): boolean => {
  if (error.code === 'ECONNREFUSED') return !sent || method === 'GET' || method === 'HEAD';
  return error.code === 'ECONNRESET' && (method === 'GET' || method === 'HEAD');
};

/** Longest wait for a replica's first byte, milliseconds: longer than any deadline inside. */
const answerMs = 30_000;

export interface Forwarding {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The next replica to try; none left means 503. */
  readonly next: () => Target | undefined;
}

/** Sends a request to a replica and its answer back, both as streams; to another one where the first does not take it. */
export const forward = (forwarding: Forwarding, attempt = 1): void => {
  const { request, response, next } = forwarding;
  const target = next();
  if (!target) return unavailable(response);
  const sent = httpRequest({
    host: '127.0.0.1',
    port: target.port,
    agent: target.agent,
    method: request.method,
    path: request.url,
    headers: toReplica(request),
    timeout: answerMs,
  });
  let connected = false;
  sent.once('socket', (socket) => {
    const begin = (): void => {
      connected = true;
      request.pipe(sent);
    };
    // The body waits for the connection: until then another replica can still be asked.
    if (socket.connecting) socket.once('connect', begin);
    else begin();
  });
  sent.once('response', (answer) => answerWith(answer, response));
  sent.once('timeout', () => sent.destroy(new Error('no answer')));
  sent.once('error', (error: NodeJS.ErrnoException) => {
    request.unpipe(sent);
    const again = !response.headersSent && attempt < 4 && mayRepeat(error, request, connected);
    if (again) forward(forwarding, attempt + 1);
    else unavailable(response);
  });
  giveUpWith(response, sent);
};

const answerWith = (answer: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(answer.statusCode ?? 502, kept(answer, new Set(ofConnection)));
  answer.pipe(response);
  answer.once('error', () => response.destroy());
};

/** A browser that leaves takes its request along. */
const giveUpWith = (response: ServerResponse, sent: ClientRequest): void => {
  response.once('close', () => {
    if (!response.writableFinished) sent.destroy();
  });
};
