import type { OutgoingHttpHeader, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { HttpAnswer } from '../answer/answer.js';

/** Statuses whose answers have no body and no length (RFC 9110 8.6). */
const withoutBody: ReadonlySet<number> = new Set([204, 304]);

/** A stream that breaks takes the connection along, which is how the other end learns that something is missing. */
const endOfStream = (): void => undefined;

/** Writes an answer. One that is whole leaves together with its head. */
export const writeAnswer = (response: ServerResponse, { status, headers, body }: HttpAnswer): void => {
  const lines: OutgoingHttpHeader[] = [];
  for (const name in headers) lines.push(name, headers[name] as OutgoingHttpHeader);
  if (body instanceof Readable) return void pipeline(body, response.writeHead(status, lines), endOfStream);
  if (headers['content-length'] === undefined && !withoutBody.has(status))
    lines.push('content-length', Buffer.byteLength(body ?? ''));
  response.writeHead(status, lines).end(body);
};
