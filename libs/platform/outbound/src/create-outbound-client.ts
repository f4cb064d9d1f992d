import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { fail, type Outcome } from '@corsac/outcome';
import { createJudge, type AddressRules, type Judge } from './address-class.js';
import { exchange, type Means } from './exchange.js';
import { checkTarget, resolveBySystem, type Resolve } from './guard.js';
import type { OutboundClient, OutboundError, OutboundOptions, OutboundResponse } from './outbound-client.js';

export interface OutboundClientOptions extends AddressRules {
  /** Further certificate authorities, PEM. */
  readonly ca?: string;
  /** For tests; the system's resolver when unsaid. */
  readonly resolve?: Resolve;
}

const defaults = { timeout_ms: 5000, max_bytes: 1024 * 1024, max_redirects: 3 } as const;
const maxSockets = 200;
const redirects = new Set([301, 302, 303, 307, 308]);

type Result = Outcome<OutboundResponse, OutboundError>;

/** Setting any authority replaces Node's own, so those are repeated. */
const withAuthorities = (ca: string): SecureContext => {
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  return createSecureContext({ ca: [...rootCertificates, ...(extra ? [readFileSync(extra, 'utf8')] : []), ca] });
};

interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly options: OutboundOptions;
}

/** What proves who we are must not follow a redirect to somebody else. */
const withoutCredentials = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie|dpop)$/i.test(name)));

class GuardedClient implements OutboundClient {
  constructor(
    private readonly judge: Judge,
    private readonly resolve: Resolve,
    private readonly means: Means,
  ) {}

  get(url: string, options: OutboundOptions = {}): Promise<Result> {
    return this.inTime({ method: 'GET', url, headers: options.headers ?? {}, options });
  }

  post(url: string, body: string, contentType: string, options: OutboundOptions = {}): Promise<Result> {
    const headers = { ...options.headers, 'content-type': contentType };
    return this.inTime({ method: 'POST', url, headers, body, options });
  }

  /** One clock for everything. Name resolution cannot be broken off, so it is not waited for either. */
  private async inTime(call: Call): Promise<Result> {
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Result>((resolve) => {
      timer = setTimeout(() => {
        abort.abort();
        resolve(fail({ kind: 'timeout', detail: `no answer in ${call.options.timeout_ms ?? defaults.timeout_ms} ms` }));
      }, call.options.timeout_ms ?? defaults.timeout_ms);
    });
    try {
      return await Promise.race([this.follow(call, abort.signal), late]);
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }

  private async follow(call: Call, signal: AbortSignal): Promise<Result> {
    const most = call.method === 'GET' ? (call.options.max_redirects ?? defaults.max_redirects) : 0;
    let { url, headers } = call;
    for (let followed = 0; ; followed += 1) {
      const result = await this.once({ ...call, url, headers }, signal);
      const next = result.ok && call.method === 'GET' ? nextAddress(result.value) : undefined;
      if (next === undefined) return result;
      if (followed >= most) return fail({ kind: 'too_many_redirects', detail: `more than ${most} redirects` });
      if (next.origin !== new URL(url).origin) headers = withoutCredentials(headers);
      url = next.href;
    }
  }

  private async once({ method, url, headers, body, options }: Call, signal: AbortSignal): Promise<Result> {
    const target = await checkTarget(url, this.judge, this.resolve);
    if (!target.ok) return target;
    const max_bytes = options.max_bytes ?? defaults.max_bytes;
    return exchange({ method, target: target.value, headers, body, max_bytes, signal }, this.means);
  }
}

const nextAddress = ({ status, headers, url }: OutboundResponse): URL | undefined => {
  const { location } = headers;
  return redirects.has(status) && location && URL.canParse(location, url) ? new URL(location, url) : undefined;
};

/** Makes the guarded client of a process. @throws when the certificate authority cannot be read */
export const createOutboundClient = ({ ca, resolve, ...rules }: OutboundClientOptions): OutboundClient =>
  new GuardedClient(createJudge(rules), resolve ?? resolveBySystem, {
    http: new HttpAgent({ maxTotalSockets: maxSockets }),
    https: new HttpsAgent({ maxTotalSockets: maxSockets }),
    ...(ca !== undefined && { secureContext: withAuthorities(ca) }),
  });
