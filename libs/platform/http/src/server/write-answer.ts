import type { ServerResponse } from 'node:http';
import type { HttpAnswer } from '../answer/answer.js';

/** Statuses whose answers have no body and no length (RFC 9110 8.6). */
const withoutBody: ReadonlySet<number> = new Set([204, 304]);

/** Writes an answer whose body is no stream: head and body leave together. */
export const writeAnswer = (response: ServerResponse, { status, headers, body }: HttpAnswer): void => {
  const known = body === undefined ? '' : (body as string | Buffer);
  const length = withoutBody.has(status) ? {} : { 'content-length': Buffer.byteLength(known) };
  response.writeHead(status, { ...headers, ...length } as Record<string, string>);
  response.end(known);
};
