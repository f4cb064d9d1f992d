import { randomBytes } from 'node:crypto';
import { Browser, type Page } from '../browser/browser.js';
import type { Variant } from './module.js';
import type { ConformanceWorld, Provider } from './provider.js';

/** An answer of the authorization endpoint, as the application got it. */
export interface Answer {
  readonly via: 'query' | 'fragment' | 'form_post';
  readonly address: string;
  readonly params: URLSearchParams;
  /** What the application had sent. */
  readonly sent: Readonly<Record<string, string>>;
  /** How often a password was typed on the way. */
  readonly passwords: number;
}

/** What a request led to: back to the application, or to a page on which it stays. */
export type Outcome = { readonly answer: Answer } | { readonly page: Page };

const mostPages = 6;

/** Wishes of one authorization request: undefined takes a parameter out. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** What a module works with: its variant's client, a browser of its own, and the robot that fills in pages. */
export class ModuleRun {
  readonly browser: Browser;

  constructor(
    readonly world: ConformanceWorld,
    readonly variant: Variant,
    readonly provider: Provider,
    /** Waits without holding others up. */
    readonly pause: (seconds: number) => Promise<void>,
  ) {
    this.browser = new Browser(world.base);
  }

  /** The suite's second client, in the same browser and, as the suite knows one provider only, at the addresses of the first. */
  async second(): Promise<ModuleRun> {
    const { client_id, secret } = await this.world.provider(`${this.variant.client_id}-second`);
    const variant = { ...this.variant, client_id };
    const other = new ModuleRun(this.world, variant, { ...this.provider, client_id, secret }, this.pause);
    return Object.assign(other, { browser: this.browser });
  }

  get redirect_uri(): string {
    return `${this.world.suite}/callback`;
  }

  has(word: 'code' | 'id_token' | 'token'): boolean {
    return this.variant.response_type.split(' ').includes(word);
  }

  /** The response mode in which answers must come. */
  get mode(): Answer['via'] {
    if (this.variant.response_mode === 'form_post') return 'form_post';
    return this.variant.response_type === 'code' ? 'query' : 'fragment';
  }

  /** The parameters that every module begins with. */
  parameters(changes: Changes = {}): Record<string, string> {
    const parameters: Changes = {
      client_id: this.provider.client_id,
      redirect_uri: this.redirect_uri,
      scope: 'openid',
      state: randomBytes(8).toString('base64url'),
      nonce: randomBytes(8).toString('base64url'),
      response_type: this.variant.response_type,
      ...(this.variant.response_mode === 'form_post' && { response_mode: 'form_post' }),
      ...changes,
    };
    return Object.fromEntries(
      Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** Sends the user to the authorization endpoint and lets the robot go on until it is back or can do no more. */
  async ask(changes: Changes = {}, method: 'GET' | 'POST' = 'GET'): Promise<Outcome> {
    const sent = this.parameters(changes);
    const endpoint = this.provider.metadata.authorization_endpoint;
    const first =
      method === 'GET'
        ? await this.browser.open(`${endpoint}?${new URLSearchParams(sent).toString()}`)
        : await this.browser.open(endpoint, {
            method: 'POST',
            body: new URLSearchParams(sent),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          });
    return this.goOn(first, sent);
  }

  /** The suite's robot: fields `username` and `password` are filled in, the page's first form is sent. */
  private async goOn(first: Page, sent: Record<string, string>): Promise<Outcome> {
    let page = first;
    let passwords = 0;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const answer = this.answerOn(page, sent, passwords);
      if (answer) return { answer };
      const [form] = page.forms;
      if (page.status !== 200 || form?.method !== 'post' || page.html.includes('role="alert"')) return { page };
      if (!form.action.startsWith(`${this.world.base}/`)) {
        page = await this.browser.submit(page);
        continue;
      }
      const values = Object.entries(this.world.user).filter(([name]) => name in form.fields);
      if ('password' in form.fields) passwords += 1;
      page = await this.browser.submit(page, Object.fromEntries(values));
    }
    throw new Error(`the robot does not get past ${page.url}: ${page.html.slice(0, 600)}`);
  }

  private answerOn(page: Page, sent: Record<string, string>, passwords: number): Answer | undefined {
    if (page.url.startsWith(`${this.world.base}/`)) return undefined;
    const url = new URL(page.url);
    const address = `${url.origin}${url.pathname}`;
    // A form that was posted outside has its content where a page has its text.
    if (page.html !== '') return { via: 'form_post', address, params: new URLSearchParams(page.html), sent, passwords };
    const via = url.hash === '' ? 'query' : 'fragment';
    const params = via === 'query' ? url.searchParams : new URLSearchParams(url.hash.slice(1));
    if (via === 'fragment' && url.search !== '') throw new Error(`something stands in the query: ${page.url}`);
    return { via, address, params, sent, passwords };
  }

  /** Sends a form to the token endpoint, the client proving itself as the variant says. */
  token(form: Readonly<Record<string, string>>): Promise<Response> {
    const { client_id, secret, metadata } = this.provider;
    const isBasic = this.variant.client_auth === 'client_secret_basic';
    const encoded = [client_id, secret].map(encodeURIComponent).join(':');
    return fetch(metadata.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({ ...form, ...(!isBasic && { client_id, client_secret: secret }) }),
      headers: isBasic ? { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` } : {},
    });
  }

  /** Redeems the code of an answer. */
  redeem(answer: Answer, more: Readonly<Record<string, string>> = {}): Promise<Response> {
    const code = answer.params.get('code') ?? '';
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: this.redirect_uri, ...more });
  }

  /** Asks UserInfo in one of the three ways of RFC 6750 2. */
  userinfo(access_token: string, way: 'get' | 'post-header' | 'post-body' = 'get'): Promise<Response> {
    const { userinfo_endpoint } = this.provider.metadata;
    const headers = { authorization: `Bearer ${access_token}` };
    if (way === 'get') return fetch(userinfo_endpoint, { headers });
    if (way === 'post-header') return fetch(userinfo_endpoint, { method: 'POST', headers });
    return fetch(userinfo_endpoint, { method: 'POST', body: new URLSearchParams({ access_token }) });
  }
}
