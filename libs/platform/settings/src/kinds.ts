import { isIP } from 'node:net';
import { z } from 'zod';

const isCidr = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
};

const isHost = (text: string): boolean =>
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/i.test(text);

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/** Whole number between two bounds. */
export const integer = (least: number, most: number): z.ZodType<number, string> =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      message: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);

/** Any text but an empty one. */
export const text = z.string().min(1, 'must not be empty');

/** An address of a server with one of the given schemes. */
export const serverUrl = (...schemes: readonly string[]): z.ZodType<string, string> =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), {
    message: `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

/** One or several such addresses, separated by commas. */
export const serverUrls = (...schemes: readonly string[]): z.ZodType<string, string> => {
  const one = serverUrl(...schemes);
  return z
    .string()
    .refine((value) => words(value).length > 0 && words(value).every((word) => one.safeParse(word).success), {
      message: `must be one or several addresses that begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, separated by commas`,
    });
};

/** Host names of this machine itself. */
export const isLoopbackUrl = (url: string): boolean => {
  const { hostname } = new URL(url);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIP(hostname) === 4 && hostname.startsWith('127.'))
  );
};

/**
 * The public address: an origin. Plain http only on this machine, as cookies and tokens would otherwise travel in
 * clear; without path, as every address in it is given by the specification of addresses.
 */
export const baseUrl: z.ZodType<string, string> = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    message: 'must be an address such as https://id.example.com',
  })
  .refine((value) => !URL.canParse(value) || isOrigin(new URL(value)), {
    message: 'must be without path, query, fragment and user',
  })
  .refine((value) => !URL.canParse(value) || new URL(value).protocol === 'https:' || isLoopbackUrl(value), {
    message: 'must begin with https:// unless it is on this machine',
  })
  .transform((value) => new URL(value).origin);

const isOrigin = ({ pathname, search, hash, username }: URL): boolean =>
  pathname === '/' && search === '' && hash === '' && username === '';

/** Addresses and networks, separated by commas. */
export const networks: z.ZodType<readonly string[], string> = z
  .string()
  .refine((value) => words(value).every(isCidr), {
    message: 'must be addresses or networks such as 10.0.0.0/8, separated by commas',
  })
  .transform(words);

/** Host names, addresses and networks, separated by commas. */
export const hostsAndNetworks: z.ZodType<readonly string[], string> = z
  .string()
  .refine((value) => words(value).every((word) => isCidr(word) || isHost(word)), {
    message: 'must be host names, addresses or networks, separated by commas',
  })
  .transform(words);

/** One of a few words. */
export const oneOf = <const Word extends string>(...allowed: readonly Word[]): z.ZodType<Word, string> =>
  z
    .string()
    .refine((value) => (allowed as readonly string[]).includes(value), {
      message: `must be one of ${allowed.join(', ')}`,
    })
    .transform((value) => value as Word);
