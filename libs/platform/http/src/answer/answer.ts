import type { Readable } from 'node:stream';

export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;
export type AnswerBody = string | Buffer | Readable | undefined;

/** What an endpoint gives back: the whole answer as a value. Only the adapter writes it. */
export class HttpAnswer {
  constructor(
    readonly status: number,
    readonly headers: AnswerHeaders,
    readonly body?: AnswerBody,
  ) {}
}

/** Everything that an answer may carry beside its body. */
export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: AnswerHeaders;
  /** Values made by `serializeCookie`. */
  readonly cookies?: readonly string[];
  /** `Cache-Control`; unsaid, nothing is kept anywhere (RFC 6749 5.1 asks that of tokens, we of everything). */
  readonly cache?: string;
}

/**
 * Makes an answer of headers that nobody else holds. Names are lower case everywhere, so that a caller's header replaces
 * the default one.
 */
export const answerWith = (
  own: Record<string, string | readonly string[]>,
  body: AnswerBody,
  { status, headers, cookies, cache }: AnswerOptions,
  usualStatus = 200,
): HttpAnswer => {
  own['cache-control'] = cache ?? 'no-store';
  own['x-content-type-options'] = 'nosniff';
  if (headers) Object.assign(own, headers);
  if (cookies && cookies.length > 0) own['set-cookie'] = cookies;
  return new HttpAnswer(status ?? usualStatus, own, body);
};

/** Answers with a text, bytes or a stream of the given media type. */
export const sendBody = (body: AnswerBody, contentType: string, options: AnswerOptions = {}): HttpAnswer =>
  answerWith({ 'content-type': contentType }, body, options);

const jsonHeaders: AnswerHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-type': 'application/json; charset=utf-8',
};

/** Answers with JSON. `value` must be JSON-able. */
export const sendJson = (value: unknown, options?: AnswerOptions): HttpAnswer =>
  options
    ? sendBody(JSON.stringify(value), 'application/json; charset=utf-8', options)
    : new HttpAnswer(200, jsonHeaders, JSON.stringify(value));

/** Answers with plain text. */
export const sendText = (text: string, options?: AnswerOptions): HttpAnswer =>
  sendBody(text, 'text/plain; charset=utf-8', options);

/** Answers 204 (or another status that has no body). */
export const sendNothing = (options: AnswerOptions = {}): HttpAnswer => answerWith({}, undefined, options, 204);

/** A line break or another control character in an address would begin a header of its own. */
const unsafeInHeader = /[\u0000-\u0020\u007f"<>\\^`{|}]/g;
const notAscii = /[^\u0000-\u007f]+/g;

/**
 * Sends the browser on. The address must be proven by the caller; here it is only made fit for a header.
 * 303 by default, so that a POST with a password is not repeated elsewhere (RFC 9700 4.12).
 */
export const sendRedirect = (location: string, options: AnswerOptions = {}): HttpAnswer => {
  const safe = location
    .replace(notAscii, encodeURIComponent)
    .replace(unsafeInHeader, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return answerWith({ location: safe, 'referrer-policy': 'strict-origin' }, undefined, options, 303);
};

/** The same answer with more headers; the new ones win, cookies are kept beside one another. */
export const withHeaders = (answer: HttpAnswer, headers: AnswerHeaders): HttpAnswer => {
  const before = answer.headers['set-cookie'];
  const added = headers['set-cookie'];
  const all = { ...answer.headers, ...headers };
  if (before && added) all['set-cookie'] = [before, added].flat();
  return new HttpAnswer(answer.status, all, answer.body);
};
