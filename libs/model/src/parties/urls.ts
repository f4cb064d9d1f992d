import { z } from 'zod';

const parse = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/** Control characters, blanks, quotes and backslashes have no place in an address that is compared byte for byte or written into a page. */
const odd = /[\s\\"<>\u0000-\u001f\u007f]/;

const dangerous = ['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:'];

const isWebUrl = (text: string): boolean => {
  const url = parse(text);
  return (
    !!url &&
    !odd.test(text) &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    !url.username &&
    !url.password
  );
};

/** An http or https address without user, blanks or fragment; 500 characters at most. */
export const webUrlSchema = z
  .string()
  .max(500)
  .refine((text) => isWebUrl(text) && !text.includes('#'), {
    message: 'must be an http or https address without fragment',
  });

/**
 * A redirect URI, compared exactly: absolute and without fragment (RFC 6749 3.1.2). Private-use schemes of native
 * applications are taken (RFC 8252 7.1), those that run or read something in a browser are not.
 */
export const redirectUriSchema = z
  .string()
  .max(500)
  .refine(
    (text) => {
      const url = parse(text);
      if (!url || odd.test(text) || text.includes('#') || text.includes('*') || url.username || url.password)
        return false;
      return !dangerous.includes(url.protocol);
    },
    { message: 'must be an absolute address without fragment or wildcard' },
  );

/** A web origin: scheme, host and port, nothing after. */
export const originSchema = z
  .string()
  .max(200)
  .refine((text) => isWebUrl(text) && parse(text)?.origin === text, {
    message: 'must be an origin such as https://app.example.com, without path',
  });

/** A logo or icon: https, or an inline picture. */
export const imageUrlSchema = z
  .string()
  .max(10_000)
  .refine(
    (text) => isWebUrl(text) || /^data:image\/(png|jpeg|gif|webp|x-icon|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(text),
    {
      message: 'must be an https address or a data:image/...;base64 address',
    },
  );

/** An issuer or entity identifier: an address or a URN; compared exactly. */
export const entityIdSchema = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => !odd.test(text), { message: 'must not contain blanks or quotes' });

/** What an administrator types as authority; a trailing slash or the whole discovery address are fine. */
export const authoritySchema = webUrlSchema.refine((text) => text.length <= 300, {
  message: 'must be at most 300 characters',
});
