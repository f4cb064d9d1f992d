import { sendNothing, withHeaders, type AnswerHeaders, type HttpAnswer } from './answer.js';

/** Who may read an endpoint's answers from a page of another origin. */
export interface CorsPolicy {
  /** Exact origins, or `*` for what anybody may read. Cookies are never allowed along. */
  readonly origins: readonly string[] | '*';
  readonly methods: readonly string[];
  /** Request headers beyond the simple ones, such as `authorization` and `dpop`. */
  readonly request_headers?: readonly string[];
  /** Answer headers that the page may read, such as `www-authenticate` and `dpop-nonce`. */
  readonly exposed_headers?: readonly string[];
}

const preflight_max_age_s = 600;

/** CORS headers for a request with this `Origin`; empty when it may not read. Origins are compared exactly. */
export const corsHeaders = (origin: string | undefined, policy: CorsPolicy): AnswerHeaders => {
  const exposed: AnswerHeaders = policy.exposed_headers?.length
    ? { 'access-control-expose-headers': policy.exposed_headers.join(', ') }
    : {};
  if (policy.origins === '*') return { 'access-control-allow-origin': '*', ...exposed };
  if (origin === undefined || !policy.origins.includes(origin)) return { vary: 'Origin' };
  return { 'access-control-allow-origin': origin, vary: 'Origin', ...exposed };
};

/** Adds CORS headers to an answer. */
export const withCors = (answer: HttpAnswer, origin: string | undefined, policy: CorsPolicy): HttpAnswer =>
  withHeaders(answer, corsHeaders(origin, policy));

/** Answers a preflight (`OPTIONS`). 204 in any case; without the headers the browser gives up. */
export const answerPreflight = (origin: string | undefined, policy: CorsPolicy): HttpAnswer => {
  const headers = corsHeaders(origin, policy);
  if (headers['access-control-allow-origin'] === undefined) return sendNothing({ headers });
  return sendNothing({
    headers: {
      ...headers,
      'access-control-allow-methods': policy.methods.join(', '),
      'access-control-allow-headers': (policy.request_headers ?? []).join(', '),
      'access-control-max-age': String(preflight_max_age_s),
    },
  });
};
