import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HttpAnswer, sendBody, type AnswerOptions } from './answer.js';

/** Strong entity tag of some bytes, quotes included. RFC 9110 8.8.3. */
export const etagOf = (body: string | Buffer): string => `"${hash('sha256', body, 'base64url').slice(0, 27)}"`;

const opaqueTag = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether `If-None-Match` names the tag: compared weakly, `*` matches whatever is there. RFC 9110 13.1.2. */
export const matchesEtag = (headers: IncomingHttpHeaders, etag: string): boolean => {
  const asked = headers['if-none-match'];
  if (asked === undefined) return false;
  return asked === etag || asked.trim() === '*' || asked.split(',').some((tag) => opaqueTag(tag) === opaqueTag(etag));
};

/** An answer that was written once and is sent many times: whole, or as 304 to whoever has it already. */
export interface ReadyAnswer {
  readonly etag: string;
  readonly whole: HttpAnswer;
  readonly unchanged: HttpAnswer;
}

/** Prepares an answer that does not change, for example metadata. `options.cache` should allow keeping it. */
export const readyAnswer = (body: string, contentType: string, options: AnswerOptions = {}): ReadyAnswer => {
  const etag = etagOf(body);
  const described = { ...options.headers, etag, 'content-length': String(Buffer.byteLength(body)) };
  const whole = sendBody(body, contentType, { ...options, headers: described });
  const { 'content-type': _type, 'content-length': _length, ...kept } = whole.headers;
  return { etag, whole, unchanged: new HttpAnswer(304, kept) };
};

/** The whole answer, or 304 when the asker has it. RFC 9110 15.4.5. */
export const sendReady = (ready: ReadyAnswer, headers: IncomingHttpHeaders): HttpAnswer =>
  matchesEtag(headers, ready.etag) ? ready.unchanged : ready.whole;

/** A ready answer that the server may send again for the same address, without asking the endpoint, while `isCurrent` says so. */
export class RepeatableAnswer extends HttpAnswer {
  constructor(
    readonly ready: ReadyAnswer,
    headers: IncomingHttpHeaders,
    readonly isCurrent: () => boolean,
  ) {
    const answer = sendReady(ready, headers);
    super(answer.status, answer.headers, answer.body);
  }
}

/**
 * The same as `sendReady`, of an answer that depends on nothing but the address and what `isCurrent` looks at, which costs next to
 * nothing and is asked for every request.
 */
export const sendRepeatable = (
  ready: ReadyAnswer,
  headers: IncomingHttpHeaders,
  isCurrent: () => boolean,
): RepeatableAnswer => new RepeatableAnswer(ready, headers, isCurrent);
