import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type Agent, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { CheckedTarget } from './guard.js';
import type { OutboundError, OutboundResponse } from './outbound-client.js';

/** One request to one checked target. */
export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly target: CheckedTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly max_bytes: number;
  /** Ends it when the time is up. */
  readonly signal: AbortSignal;
}

/** Sockets and certificates that a client's requests share. */
export interface Means {
  readonly http: Agent;
  readonly https: Agent;
  readonly secureContext?: SecureContext;
}

type Result = Outcome<OutboundResponse, OutboundError>;

/** Answers the socket's question for the host's addresses with the checked ones only. */
const lookupOf = (addresses: readonly LookupAddress[]): LookupFunction => {
  const [first] = addresses;
  return (_host, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, first!.address, first!.family);
  };
};

const headersOf = (response: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
};

const responseOf = (response: IncomingMessage, body: Buffer, url: URL): OutboundResponse => ({
  status: response.statusCode ?? 0,
  headers: headersOf(response),
  body,
  url: url.href,
  text: () => body.toString('utf8'),
  json: () => {
    try {
      return JSON.parse(body.toString('utf8')) as unknown;
    } catch {
      return undefined;
    }
  },
});

const errorOf = (error: NodeJS.ErrnoException, { signal, target }: Exchange): OutboundError => {
  if (signal.aborted) return { kind: 'timeout', detail: `${target.url.host} did not answer in time` };
  return { kind: 'unreachable', detail: `${target.url.host}: ${error.code ?? error.message}` };
};

const read = async (response: IncomingMessage, { max_bytes, target }: Exchange): Promise<Result> => {
  const tooLarge = fail({ kind: 'too_large' as const, detail: `${target.url.host} sent more than ${max_bytes} bytes` });
  if (Number(response.headers['content-length'] ?? 0) > max_bytes) {
    response.destroy();
    return tooLarge;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > max_bytes) return tooLarge;
    chunks.push(chunk);
  }
  return ok(responseOf(response, Buffer.concat(chunks), target.url));
};

const optionsOf = ({ method, target, headers, body, signal }: Exchange, means: Means): RequestOptions => ({
  method,
  signal,
  agent: target.url.protocol === 'https:' ? means.https : means.http,
  lookup: lookupOf(target.addresses),
  // The answer is bounded in bytes; packed ones would be bounded before they are unpacked only.
  headers: {
    'user-agent': 'Corsac',
    'accept-encoding': 'identity',
    ...headers,
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
  },
  ...(means.secureContext && { secureContext: means.secureContext }),
});

/** Sends a request and reads the whole answer. Follows nothing, never rejects. */
export const exchange = (parts: Exchange, means: Means): Promise<Result> =>
  new Promise((resolve) => {
    const send = parts.target.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const refuse = (error: NodeJS.ErrnoException): void => resolve(fail(errorOf(error, parts)));
    try {
      const request = send(parts.target.url, optionsOf(parts, means), (response) => {
        read(response, parts).then(resolve, refuse);
      });
      request.on('error', refuse);
      request.end(parts.body);
    } catch (error) {
      refuse(error as NodeJS.ErrnoException);
    }
  });
