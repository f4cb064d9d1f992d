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

/**
 * A browser without script: cookies by path, redirects followed while they stay with Corsac, forms filled in. It stops at
 * the first address outside, which is the application's.
 */
export class Browser {
  private readonly cookies = new Map<string, Cookie>();
  /** Every request that it made, as a browser's own record would show them. */
  readonly requests: string[] = [];

  constructor(
    private readonly base: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** Opens an address and follows redirects. */
  async open(url: string | URL, init: RequestInit = {}): Promise<Page> {
    let next = new URL(url, this.base).href;
    let request = init;
    for (let hop = 0; hop < mostRedirects; hop += 1) {
      if (!next.startsWith(`${this.base}/`))
        return { url: next, status: 0, headers: new Headers(), html: '', forms: [] };
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
    if (!form.action.startsWith(`${this.base}/`))
      return { url: form.action, status: 0, headers: new Headers(), html: body.toString(), forms: [] };
    return this.open(form.action, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  }

  /** Values of a cookie, for tests of what it says of itself. */
  cookie(name: string): Cookie | undefined {
    return this.cookies.get(name);
  }

  private async send(url: string, init: RequestInit): Promise<Response> {
    this.requests.push(`${init.method ?? 'GET'} ${url}`);
    const path = new URL(url).pathname;
    const cookie = [...this.cookies]
      .filter(([, { path: of }]) => path.startsWith(of))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = { ...this.headers, ...(init.headers as Record<string, string>), ...(cookie !== '' && { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const path = attributes.find((text) => text.startsWith('Path='))?.slice(5) ?? '/';
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, { value, path, attributes: attributes.join('; ') });
  }
}
