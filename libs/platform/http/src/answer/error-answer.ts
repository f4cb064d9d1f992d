import { sendJson, type AnswerHeaders, type HttpAnswer } from './answer.js';
import { sendHtml } from './page.js';

/** An answer about a request that never reached its endpoint, or that a bug ended. Tells nothing of what is inside. */
export interface PlainError {
  readonly status: number;
  readonly accept: string | undefined;
  /** By which the log line is found. */
  readonly request_id: string;
  /** Seconds, for 503. */
  readonly retry_after_s?: number;
}

const words: Readonly<Record<number, readonly [error: string, text: string]>> = {
  400: ['invalid_request', 'The request is malformed.'],
  404: ['not_found', 'There is nothing at this address.'],
  405: ['invalid_request', 'This address does not take requests of this kind.'],
  413: ['invalid_request', 'The request is too large.'],
  414: ['invalid_request', 'The address is too long.'],
  415: ['invalid_request', 'The content type is not accepted.'],
  431: ['invalid_request', 'The request headers are too large.'],
  500: ['server_error', 'Something went wrong on our side.'],
  503: ['temporarily_unavailable', 'The service is not available for the moment. Please try again.'],
};

const wordsOf = (status: number): readonly [string, string] =>
  words[status] ?? words[status >= 500 ? 500 : 400] ?? ['server_error', ''];

const page = (text: string, reference: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${text}</title></head><body><main><h1>${text}</h1><p>Reference: <code>${reference}</code></p></main></body></html>`;

/** A plain page for browsers, OAuth's error form for everybody else, with the reference to tell support. */
export const plainError = ({ status, accept, request_id, retry_after_s }: PlainError): HttpAnswer => {
  const [error, text] = wordsOf(status);
  const headers: AnswerHeaders = retry_after_s === undefined ? {} : { 'retry-after': String(retry_after_s) };
  if (accept?.includes('text/html')) return sendHtml(page(text, request_id), { status, headers });
  return sendJson({ error, error_description: text, request_id }, { status, headers });
};
