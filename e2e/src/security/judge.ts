import type { RawAnswer } from './raw-http.js';

/** What no answer may carry, whatever was asked. */
const traces = [
  /\n\s+at .+\.(?:js|ts):\d+/,
  /node_modules|node:internal/,
  /QueryFailedError|syntax error at or near|\bSELECT .+ FROM\b|\bINSERT INTO\b|duplicate key value/,
  /TypeError|RangeError|ReferenceError|SyntaxError/,
  /BEGIN (?:RSA |EC )?PRIVATE KEY|\$argon2/,
  /\[object Object\]/,
];

export interface Place {
  readonly base: string;
  /** Addresses that a redirect may lead to, beside our own. */
  readonly proven: readonly string[];
  readonly secrets: readonly string[];
}

const isReady = ({ headers }: RawAnswer): boolean => headers.has('retry-after');

const redirectComplaints = ({ base, proven }: Place, location: string): string[] => {
  const allowed = [base, ...proven].some(
    (place) => location === place || (/^[/?#]/.test(location.slice(place.length)) && location.startsWith(place)),
  );
  return allowed || /^\/(?![/\\])/.test(location) ? [] : [`leads to ${location}`];
};

const headerComplaints = ({ headers, body }: RawAnswer): string[] => [
  ...(headers.get('x-content-type-options') === 'nosniff' ? [] : ['no X-Content-Type-Options']),
  ...(headers.has('cache-control') ? [] : ['no Cache-Control']),
  ...(headers.get('content-type')?.startsWith('text/html')
    ? ['content-security-policy', 'referrer-policy', 'permissions-policy']
        .filter((name) => !headers.has(name))
        .map((name) => `a page without ${name}`)
    : []),
  ...(body !== '' && !headers.has('content-type') ? ['a body of no type'] : []),
  ...(/unsafe-(?:inline|eval)/.test(headers.get('content-security-policy') ?? '') ? ['an unsafe policy'] : []),
  ...(headers.has('x-powered-by') || headers.has('server') ? ['says what it is made of'] : []),
];

/** What is wrong with an answer to a hostile request; nothing when it is as it should be. */
export const complaintsAbout = (answer: RawAnswer, place: Place): string[] => {
  const { status, head, headers, body } = answer;
  // Hanging up on a request that was not read to its end is an answer too.
  if (status === 0) return head === '' ? [] : ['an answer that is no HTTP'];
  const said = `${head}\n${body}`;
  const location = headers.get('location');
  return [
    ...(status >= 500 && !(status === 503 && isReady(answer)) ? [`status ${status}`] : []),
    ...(location === undefined ? [] : redirectComplaints(place, location)),
    ...headerComplaints(answer),
    ...traces.filter((trace) => trace.test(said)).map((trace) => `shows ${trace.source}`),
    ...place.secrets.filter((secret) => said.includes(secret)).map((_, at) => `shows secret ${at}`),
    ...(/^x-planted:/im.test(head) ? ['a header of the sender is among ours'] : []),
  ];
};
