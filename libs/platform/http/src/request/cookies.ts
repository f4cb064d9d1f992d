/**
 * Reads a `Cookie` header. Malformed parts are skipped; of a repeated name the first value is kept.
 */
export const parseCookies = (header: string | undefined): ReadonlyMap<string, string> => {
  const cookies = new Map<string, string>();
  if (!header) return cookies;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 1) continue;
    const name = part.slice(0, equals).trim();
    if (name !== '' && !cookies.has(name)) cookies.set(name, part.slice(equals + 1).trim());
  }
  return cookies;
};

export interface CookieOptions {
  readonly name: string;
  /** Characters of RFC 6265 4.1.1; ids and base64url are. */
  readonly value: string;
  readonly path: string;
  /** Seconds; unsaid, the cookie lives as long as the browser. 0 removes it. */
  readonly max_age_s?: number;
  /** `lax` where the cookie is never needed in a frame or after a POST from elsewhere. */
  readonly same_site?: 'none' | 'lax' | 'strict';
}

const validName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const validValue = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const validPath = /^\/[\x21-\x3a\x3c-\x7e]*$/;

/**
 * Writes a `Set-Cookie` value, HttpOnly always. Over https it is Secure, and SameSite=None unless the caller wants
 * less, as answers come back by POST from other sites and logout pages are shown in frames. Over http (loopback only)
 * browsers refuse None, so it is Lax.
 * @throws when name, value or path are not fit for a cookie: they are ours, so that is a bug
 */
export const serializeCookie = (cookie: CookieOptions, baseUrl: string): string => {
  const { name, value, path, max_age_s, same_site = 'none' } = cookie;
  if (!validName.test(name) || !validValue.test(value) || !validPath.test(path)) {
    throw new Error(`the cookie ${JSON.stringify(name)} has a name, value or path that cannot be written`);
  }
  const secure = baseUrl.startsWith('https:');
  const sameSite = !secure && same_site === 'none' ? 'lax' : same_site;
  const age = max_age_s === undefined ? '' : `; Max-Age=${Math.trunc(max_age_s)}`;
  const site = `; SameSite=${sameSite.charAt(0).toUpperCase()}${sameSite.slice(1)}`;
  return `${name}=${value}; Path=${path}${age}; HttpOnly${site}${secure ? '; Secure' : ''}`;
};

/** A `Set-Cookie` value that removes a cookie; path as when it was set. */
export const removeCookie = (name: string, path: string, baseUrl: string): string =>
  serializeCookie({ name, value: '', path, max_age_s: 0 }, baseUrl);

/** `__Secure-` before the name over https: a cookie of that name can then not be planted from an insecure page. */
export const cookieName = (name: string, baseUrl: string): string =>
  baseUrl.startsWith('https:') ? `__Secure-${name}` : name;
