import { answerWith, type AnswerOptions, type HttpAnswer } from './answer.js';

/**
 * What a page may do beyond showing itself. Everything unsaid is forbidden; inline script always is.
 * Addresses are reduced to their origin (or to their scheme, for private-use schemes of native applications).
 */
export interface PagePolicy {
  /** Script files from our own origin. */
  readonly scripts?: boolean;
  /** CSP hashes (`sha256-...`) of style elements on the page. */
  readonly style_hashes?: readonly string[];
  /** Addresses the page may call by script, `self` included when anything stands here. */
  readonly connects?: readonly string[];
  /** Addresses shown in iframes, for front-channel logout. */
  readonly frames?: readonly string[];
  /** Origins that may show this page in a frame; nobody when unsaid. */
  readonly framed_by?: readonly string[];
  /**
   * Where forms may lead. Chromium applies `form-action` to the redirects after a submit as well, so a login form
   * that ends at an application's address would be stranded by `'self'`. Give every address that the journey can end
   * at, an empty list when it stays here; left out, the directive is left out too.
   */
  readonly form_targets?: readonly string[];
  /** Pictures from anywhere over https, for a logo that an administrator chose; own and inline ones always may. */
  readonly foreign_images?: boolean;
}

export interface PageOptions extends AnswerOptions {
  readonly policy?: PagePolicy;
}

/** The CSP source that covers an address: its origin, or its scheme where there is no origin. Unusable ones vanish. */
const sourceOf = (address: string): string[] => {
  if (!URL.canParse(address)) return [];
  const { origin, protocol } = new URL(address);
  if (origin !== 'null') return [origin];
  return /^[a-z][a-z0-9+.-]*:$/.test(protocol) && protocol !== 'javascript:' && protocol !== 'data:' ? [protocol] : [];
};

const sources = (addresses: readonly string[]): string => [...new Set(addresses.flatMap(sourceOf))].join(' ');
const own = (addresses: readonly string[]): string => `'self' ${sources(addresses)}`.trim();
const hash = /^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$/;

/** The value of `Content-Security-Policy` for a page. */
export const contentSecurityPolicy = (policy: PagePolicy = {}): string => {
  const hashes = policy.style_hashes?.map((value) => (hash.test(value) ? ` '${value}'` : '')).join('') ?? '';
  const images = policy.foreign_images ? ' https:' : '';
  const frames = policy.frames && sources(policy.frames);
  const framedBy = policy.framed_by && sources(policy.framed_by);
  return (
    `default-src 'none'; base-uri 'none'; style-src 'self'${hashes}; img-src 'self' data:${images}; font-src 'self'` +
    (policy.scripts ? "; script-src 'self'" : '') +
    (policy.connects ? `; connect-src ${own(policy.connects)}` : '') +
    (frames ? `; frame-src ${frames}` : '') +
    (policy.form_targets ? `; form-action ${own(policy.form_targets)}` : '') +
    `; frame-ancestors ${framedBy || "'none'"}`
  );
};

/**
 * Answers with a page. Only the origin of the page is ever told to others (a path may hold a code), yet the browser
 * still sends `Origin` with forms, which `no-referrer` would blank out.
 */
export const sendHtml = (html: string, options: PageOptions = {}): HttpAnswer => {
  const headers: Record<string, string> = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(options.policy),
    'referrer-policy': 'strict-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  };
  if (!options.policy?.framed_by?.length) headers['x-frame-options'] = 'DENY';
  return answerWith(headers, html, options);
};
