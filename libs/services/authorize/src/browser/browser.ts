import { hash, timingSafeEqual } from 'node:crypto';
import { cookieName, serializeCookie, type CookieOptions, type HttpRequest } from '@corsac/http';
import { randomName } from '@corsac/random';

/** A value that we made: 256 random bits in base64url. Anything else that a browser shows is not looked at. */
const opaque = /^[A-Za-z0-9_-]{43}$/;
/** Browsers keep no cookie for longer than 400 days. */
const longestSeconds = 400 * 86_400;
/** Choices of home realm discovery are remembered for half a year. */
const rememberedSeconds = 180 * 86_400;
const newValue = (): string => randomName(32);

/**
 * The browser's two cookies of a tenant. `corsac_journey` proves that a sequence is continued by the browser that began
 * it; `corsac_browser` leads to its sessions and changes at each sign-in. Both are opaque, their meaning is in the stores.
 */
export class Browser {
  private readonly setCookies = new Map<string, CookieOptions>();
  private journeyValue: string | undefined;
  private browserValue: string | undefined;

  constructor(
    private readonly tenant: string,
    private readonly baseUrl: string,
    private readonly sent: HttpRequest['cookies'],
  ) {
    this.journeyValue = this.read('corsac_journey');
    this.browserValue = this.read('corsac_browser');
  }

  /** Leads to the sessions; undefined for a browser that never signed in here. */
  get id(): string | undefined {
    return this.browserValue;
  }

  /** Hash of the journey cookie, which is made when there is none. */
  bind(): string {
    return bindingOf(this.journey());
  }

  /** Is this the browser that the sequence belongs to? */
  isBoundTo(binding: string): boolean {
    return this.journeyValue !== undefined && equal(bindingOf(this.journeyValue), binding);
  }

  /**
   * Anti-forgery value of a sequence's forms: only pages shown to this browser hold it, as nobody can make it without a
   * cookie that no other site can read. The cookie's 256 bits end what is hashed, so that no value leads to another.
   */
  formToken(sequenceId: string): string {
    return hash('sha256', `form:${sequenceId}:${this.journey()}`, 'base64url');
  }

  isFormToken(sequenceId: string, token: string | undefined): boolean {
    return this.journeyValue !== undefined && token !== undefined && equal(this.formToken(sequenceId), token);
  }

  /** Another value for the next sign-in: what was known before it is worth nothing after it. */
  renew(): { old: string | undefined; next: string } {
    const old = this.browserValue;
    this.browserValue = this.set('corsac_browser', newValue());
    return { old, next: this.browserValue };
  }

  /**
   * Keeps the cookie that leads to the sessions for so many seconds, also when the browser is closed; undefined: for as long
   * as the browser is open.
   */
  keepFor(seconds: number | undefined): void {
    if (this.browserValue === undefined) return;
    const most = seconds === undefined ? undefined : Math.min(Math.max(1, seconds), longestSeconds);
    this.set('corsac_browser', this.browserValue, most);
  }

  /** Up-parties chosen earlier in this browser, the latest first: a wish of the browser, never a proof of anything. */
  homeRealms(track: string): readonly string[] {
    const names = this.sent.get(cookieName(`corsac_realm_${track}`, this.baseUrl)) ?? '';
    return /^[a-z0-9_.-]{1,300}$/.test(names) ? names.split('.') : [];
  }

  /** Remembers choices of a track for the next sign-in; none removes what was remembered. */
  rememberHomeRealms(track: string, names: readonly string[]): void {
    const cookie = {
      name: cookieName(`corsac_realm_${track}`, this.baseUrl),
      value: names.join('.'),
      path: `/${this.tenant}/`,
      max_age_s: names.length > 0 ? rememberedSeconds : 0,
    };
    this.setCookies.set(cookie.name, cookie);
  }

  /** `Set-Cookie` values for the answer. */
  get cookies(): readonly string[] {
    return Array.from(this.setCookies.values(), (cookie) => serializeCookie(cookie, this.baseUrl));
  }

  private journey(): string {
    return (this.journeyValue ??= this.set('corsac_journey', newValue()));
  }

  private read(name: string): string | undefined {
    const value = this.sent.get(cookieName(name, this.baseUrl));
    return value !== undefined && opaque.test(value) ? value : undefined;
  }

  private set(name: string, value: string, max_age_s?: number): string {
    const cookie = { name: cookieName(name, this.baseUrl), value, path: `/${this.tenant}/`, max_age_s };
    this.setCookies.set(cookie.name, cookie);
    return value;
  }
}

const bindingOf = (journeyValue: string): string => hash('sha256', journeyValue, 'base64url');

const equal = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};
