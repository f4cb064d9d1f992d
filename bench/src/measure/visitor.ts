import { call, type Call, type Reply } from './http.js';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** A form of a page. */
export interface Form {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Where the visitor came to: a page of the product, or an address outside with what was sent there. */
export interface Place {
  readonly url: string;
  readonly page?: Reply;
  readonly form?: Form | undefined;
}

const plain = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_whole, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
  );

/** The first form of a page. */
const formOf = (text: string, url: string): Form | undefined => {
  const [, tag = '', inner = ''] = /<form\b([^>]*)>(.*?)<\/form>/s.exec(text) ?? [];
  const action = /action="([^"]*)"/.exec(tag)?.[1];
  if (action === undefined) return undefined;
  const inputs = [...inner.matchAll(/<input\b[^>]*name="([^"]*)"(?:[^>]*?value="([^"]*)")?/g)];
  return {
    action: new URL(plain(action), url).href,
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, plain(value)])),
  };
};

const isPosting = (form: Form | undefined): form is Form =>
  form !== undefined && ['SAMLResponse', 'SAMLRequest', 'state'].some((name) => name in form.fields);

/** A browser in a new profile: cookies by path, redirects and forms that post themselves followed. */
export class Visitor {
  private readonly cookies = new Map<string, Cookie>();

  constructor(private readonly base: string) {}

  /** Goes to an address and on from there until a page is for people, or an application's. */
  async go(url: string, form?: Form['fields']): Promise<Place> {
    let [next, sent] = [url, form];
    for (let hop = 0; hop < 30; hop += 1) {
      if (!next.startsWith(`${this.base}/`))
        return { url: next, ...(sent && { form: { action: next, fields: sent } }) };
      const page = await this.send({ url: next, ...(sent && { form: sent }) });
      const { location } = page.headers;
      if (location !== undefined) {
        [next, sent] = [new URL(location, next).href, undefined];
        continue;
      }
      const shown = formOf(page.text, next);
      if (!isPosting(shown)) return { url: next, page, form: shown };
      [next, sent] = [shown.action, shown.fields];
    }
    throw new Error(`too many redirects, at ${next}`);
  }

  /** Signs in on the pages, identifier and password as they ask for them. */
  async signIn(start: string, user: { username: string; password: string }): Promise<Place> {
    let place = await this.go(start);
    for (let step = 0; step < 3 && place.page; step += 1) {
      if (!place.form)
        throw new Error(`no form at ${place.url} (${place.page.status}): ${place.page.text.slice(0, 300)}`);
      const { action, fields } = place.form;
      const typed: Form['fields'] = 'password' in fields ? { password: user.password } : { username: user.username };
      place = await this.go(action, { ...fields, ...typed });
    }
    return place;
  }

  private async send(request: Call): Promise<Reply> {
    const { pathname } = new URL(request.url);
    const cookie = [...this.cookies.values()]
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const reply = await call({ ...request, ...(cookie !== '' && { headers: { cookie } }) });
    for (const line of reply.cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/';
      if (value === '') this.cookies.delete(`${path} ${name}`);
      else this.cookies.set(`${path} ${name}`, { name, value, path });
    }
    return reply;
  }
}
