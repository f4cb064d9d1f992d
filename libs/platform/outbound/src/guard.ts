import { lookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Judge } from './address-class.js';
import type { OutboundError } from './outbound-client.js';

/** A request's target after judgement: connect to one of these addresses and to nothing else. */
export interface CheckedTarget {
  readonly url: URL;
  readonly addresses: readonly LookupAddress[];
}

/** Finds the addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The system's resolver, all addresses. */
export const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

const refused = (kind: OutboundError['kind'], detail: string): Outcome<never, OutboundError> => fail({ kind, detail });

const parse = (address: string): Outcome<URL, OutboundError> => {
  if (!URL.canParse(address)) return refused('bad_address', 'not an address');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('bad_address', 'neither http nor https');
  if (url.username || url.password) return refused('bad_address', 'user or password in the address');
  return ok(url);
};

/** The host as resolvers and sockets want it: IPv6 without brackets, no final dot. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

const resolveHost = async (
  host: string,
  resolve: Resolve,
): Promise<Outcome<readonly LookupAddress[], OutboundError>> => {
  const family = isIP(host);
  if (family !== 0) return ok([{ address: host, family }]);
  try {
    return ok(await resolve(host));
  } catch (error) {
    return refused('unreachable', `${host} cannot be resolved (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
};

/**
 * Decides whether and where a request may go. Names are resolved here, once; what comes out is what is connected to,
 * so a second, different answer of the name server changes nothing.
 */
export const checkTarget = async (
  address: string,
  judge: Judge,
  resolve: Resolve,
): Promise<Outcome<CheckedTarget, OutboundError>> => {
  const url = parse(address);
  if (!url.ok) return url;
  const host = hostOf(url.value);
  const resolved = await resolveHost(host, resolve);
  if (!resolved.ok) return resolved;
  const classes = resolved.value.map((entry) => ({ entry, judged: judge(host, entry.address) }));
  const reachable = classes.filter(({ judged }) => judged !== 'forbidden');
  if (reachable.length === 0) {
    return refused('forbidden', `${host} is a private address and not listed in CORSAC_OUTBOUND_ALLOW`);
  }
  const usable = url.value.protocol === 'https:' ? reachable : reachable.filter(({ judged }) => judged === 'allowed');
  if (usable.length === 0) return refused('forbidden', `${host} may be reached by https only`);
  return ok({ url: url.value, addresses: usable.map(({ entry }) => entry) });
};
