import { trimBase } from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import type { Machine } from '../machine/machine.js';
import { wrongUsage, type Problem } from '../machine/problem.js';

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

/** The address of an installation as it is written: scheme, host and maybe a path. */
export const readAddress = (text: string): Outcome<string, Problem> => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    return wrongUsage(`${text} is no address`, 'Write it as https://id.example.com.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return wrongUsage('an address has no user, password, query or fragment');
  return ok(trimBase(`${url.origin}${url.pathname}`));
};

/** The same where secrets are sent to: in the clear only within this machine, or where somebody says so. RFC 6749 1.6. */
export const readSafeAddress = ({ env }: Pick<Machine, 'env'>, text: string): Outcome<string, Problem> => {
  const read = readAddress(text);
  if (!read.ok) return read;
  const { protocol, hostname } = new URL(read.value);
  if (protocol === 'https:' || isLoopback(hostname) || env['CORSAC_ALLOW_HTTP'] === '1') return read;
  return wrongUsage(
    'secrets would go over the network in the clear',
    'Write https://. In a network that nobody else reads, set CORSAC_ALLOW_HTTP=1.',
  );
};

/** Path of the Control API, each part escaped. */
export const apiPath = (...parts: readonly string[]): string => `/api/${parts.map(encodeURIComponent).join('/')}`;
