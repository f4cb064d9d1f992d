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

/** Header names are lower case everywhere, so that a caller's header replaces the default one. */
const headersOf = (defaults: AnswerHeaders, { headers, cookies, cache }: AnswerOptions): AnswerHeaders => ({
  'cache-control': cache ?? 'no-store',
  'x-content-type-options': 'nosniff',
  ...defaults,
  ...headers,
  ...(cookies && cookies.length > 0 && { 'set-cookie': cookies }),
});

/** Answers with a text, bytes or a stream of the given media type. */
export const sendBody = (body: AnswerBody, contentType: string, options: AnswerOptions = {}): HttpAnswer =>
  new HttpAnswer(options.status ?? 200, headersOf({ 'content-type': contentType }, options), body);

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
export const sendNothing = (options: AnswerOptions = {}): HttpAnswer =>
  new HttpAnswer(options.status ?? 204, headersOf({}, options));

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
  return new HttpAnswer(
    options.status ?? 303,
    headersOf({ location: safe, 'referrer-policy': 'strict-origin' }, options),
  );
};

/** The same answer with more headers; the new ones win, cookies are kept beside one another. */
export const withHeaders = (answer: HttpAnswer, headers: AnswerHeaders): HttpAnswer => {
  const before = answer.headers['set-cookie'];
  const added = headers['set-cookie'];
  const cookies: AnswerHeaders = before && added ? { 'set-cookie': [before, added].flat() } : {};
  return new HttpAnswer(answer.status, { ...answer.headers, ...headers, ...cookies }, answer.body);
};
