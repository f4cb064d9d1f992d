import { request as overHttp, type OutgoingHttpHeaders } from 'node:http';
import { request as overHttps } from 'node:https';

/** One form of a page: where it goes and what it holds. */
export interface Form {
  readonly action: string;
  readonly method: 'get' | 'post';
  readonly fields: Readonly<Record<string, string>>;
}

/** Where a browser came to. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly forms: readonly Form[];
}

interface Cookie {
  readonly name: string;
  /** Name of the host, without its port: a browser does not tell ports apart. */
  readonly host: string;
  readonly value: string;
  readonly path: string;
  readonly attributes: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#96);/g, (_whole, name: string) => entities[name] ?? '');
const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : plain(found);
};

const formsOf = (html: string, url: string): Form[] =>
  [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, tag = '', inner = '']) => ({
    action: new URL(attribute(` ${tag}`, 'action') ?? url, url).href,
    method: attribute(` ${tag}`, 'method') === 'post' ? 'post' : 'get',
    fields: Object.fromEntries(
      [...inner.matchAll(/<input\b([^>]*)>/g)].flatMap(([, input = '']) => {
        const name = attribute(` ${input}`, 'name');
        return name === undefined ? [] : [[name, attribute(` ${input}`, 'value') ?? '']];
      }),
    ),
  }));

const mostRedirects = 20;

/** What a browser sends with every page that a person goes to; some applications send nobody else to sign in. */
const ofPerson = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-mode': 'navigate' };

interface Navigation {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
}

/** Not `fetch`, which says of itself that a script asks. */
const navigate = (url: string, { method = 'GET', headers, body }: Navigation): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? overHttps : overHttp;
    const sent: OutgoingHttpHeaders = { ...ofPerson, ...headers };
    const asked = request(url, { method, headers: sent, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const { statusCode: status = 0, rawHeaders } = answer;
        const pairs = rawHeaders.flatMap((name, at) =>
          at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as [string, string]] : [],
        );
        const content = status === 204 || status === 304 ? null : Buffer.concat(chunks);
        resolve(new Response(content, { status, headers: pairs }));
      });
    });
    asked.once('error', reject);
    asked.end(body?.toString());
  });

/**
 * A browser without script: cookies by host and path, redirects followed while they stay with Corsac (and the applications
 * that it is given), forms filled in. It stops at the first address outside, which is the application's.
 */
export class Browser {
  private readonly cookies = new Map<string, Cookie>();
  /** Every request that it made, as a browser's own record would show them. */
  readonly requests: string[] = [];

  constructor(
    private readonly base: string,
    private readonly headers: Readonly<Record<string, string>> = {},
    /** Further places that it may enter. */
    private readonly applications: readonly string[] = [],
  ) {}

  private mayEnter(url: string): boolean {
    return [this.base, ...this.applications].some((place) => url.startsWith(`${place}/`));
  }

  /** Opens an address and follows redirects. */
  async open(url: string | URL, init: Navigation = {}): Promise<Page> {
    let next = new URL(url, this.base).href;
    let request = init;
    for (let hop = 0; hop < mostRedirects; hop += 1) {
      if (!this.mayEnter(next)) return { url: next, status: 0, headers: new Headers(), html: '', forms: [] };
      const response = await this.send(next, request);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) {
        const html = await response.text();
        return { url: next, status: response.status, headers: response.headers, html, forms: formsOf(html, next) };
      }
      next = new URL(location, next).href;
      request = {};
    }
    throw new Error(`more than ${mostRedirects} redirects, at ${next}`);
  }

  /** Presses the main button of the page's first form (or of the one that has `step`), with fields filled in. */
  async submit(page: Page, values: Readonly<Record<string, string>> = {}, step?: string): Promise<Page> {
    const form = step === undefined ? page.forms[0] : page.forms.find(({ fields }) => fields['step'] === step);
    if (!form) throw new Error(`the page at ${page.url} (${page.status}) has no such form: ${page.html.slice(0, 600)}`);
    const body = new URLSearchParams({ ...form.fields, ...values });
    if (!this.mayEnter(form.action))
      return { url: form.action, status: 0, headers: new Headers(), html: body.toString(), forms: [] };
    return this.open(form.action, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  }

  /** Values of a cookie, for tests of what it says of itself. */
  cookie(name: string): Cookie | undefined {
    return [...this.cookies.values()].find((cookie) => cookie.name === name);
  }

  /** What it sends to an address as its cookies. */
  cookiesFor(url: string): string {
    const { pathname, hostname } = new URL(url);
    return [...this.cookies.values()]
      .filter(({ host, path }) => host === hostname && pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  private async send(url: string, init: Navigation): Promise<Response> {
    this.requests.push(`${init.method ?? 'GET'} ${url}`);
    const { hostname } = new URL(url);
    const cookie = this.cookiesFor(url);
    const headers = { ...this.headers, ...init.headers, ...(cookie !== '' && { cookie }) };
    const response = await navigate(url, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.keep(line, hostname);
    return response;
  }

  private keep(line: string, host: string): void {
    const [pair = '', ...attributes] = line.split(/; ?/);
    const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const attributeOf = (wanted: string): string | undefined =>
      attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attributeOf('path') ?? '/';
    const isOver = attributeOf('max-age') === '0' || Date.parse(attributeOf('expires') ?? '') < Date.now();
    const key = `${host} ${path} ${name}`;
    if (isOver) this.cookies.delete(key);
    else this.cookies.set(key, { name, host, value, path, attributes: attributes.join('; ') });
  }
}
