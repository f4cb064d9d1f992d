import { fail, ok, type Outcome } from '@corsac/outcome';

const wellKnown = '/.well-known/openid-configuration';
const wellKnownOAuth = '/.well-known/oauth-authorization-server';

/** An authority as somebody typed it, without query, trailing slash or well-known part. */
export const authorityOf = (typed: string): string => {
  const bare = typed.trim().split(/[?#]/, 1)[0] as string;
  const end = bare.indexOf(wellKnown);
  return withoutSlash(end >= 0 ? bare.slice(0, end) : bare);
};

/** Where the metadata of an authority is. A trailing slash or the whole discovery address are fine. OIDC Discovery 4.1. */
export const discoveryUrlOf = (typed: string): string => `${authorityOf(typed)}${wellKnown}`;

/**
 * Checks the issuer that a metadata document names: the authority, after one slash is dropped from each, or one of the issuers that
 * the administrator listed. OIDC Discovery 4.3. Tokens are then compared with it byte for byte.
 * @returns the issuer as the document spells it
 */
export const checkDiscoveredIssuer = (
  issuer: unknown,
  typed: string,
  listed: readonly string[],
): Outcome<string, string> => {
  if (typeof issuer !== 'string' || issuer === '') return fail('the metadata has no issuer');
  if (listed.includes(issuer) || withoutSlash(issuer) === authorityOf(typed)) return ok(issuer);
  return fail('the issuer of the metadata is neither the authority nor one of the listed issuers');
};

/** The other place of metadata, a prefix to the path. RFC 8414 3.1. */
export const oauthMetadataUrlOf = (typed: string): string => {
  const url = new URL(authorityOf(typed));
  return `${url.origin}${wellKnownOAuth}${url.pathname === '/' ? '' : url.pathname}`;
};

const withoutSlash = (text: string): string => (text.endsWith('/') ? text.slice(0, -1) : text);
