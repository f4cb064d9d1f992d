import { BlockList, isIP } from 'node:net';

/** Address of the browser behind a socket and an `X-Forwarded-For` header. */
export type ClientAddressOf = (socketAddress: string | undefined, forwardedFor: string | undefined) => string;

/** `::ffff:192.0.2.1` and `192.0.2.1` are one address, and brakes must count them as one. */
export const plainAddress = (address: string): string =>
  address.toLowerCase().startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;

/** An entry of `X-Forwarded-For`, with or without port; undefined when it is no address. */
const forwardedAddress = (entry: string): string | undefined => {
  const text = entry.trim();
  const bracketed = /^\[([^\]]+)\](:\d+)?$/.exec(text)?.[1];
  const withoutPort = bracketed ?? (/^[\d.]+:\d+$/.test(text) ? text.slice(0, text.indexOf(':')) : text);
  return isIP(withoutPort) ? plainAddress(withoutPort) : undefined;
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** @throws when an entry is neither an address nor a network; the settings refuse such a list before */
const listOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (!isIP(address)) throw new Error(`${network} is neither an address nor a network such as 10.0.0.0/8`);
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
};

/**
 * Makes the reader of client addresses. A forwarded address counts only when the socket's other end is a trusted proxy;
 * the list is read from its end, past further trusted proxies, as its beginning is whatever the client wrote.
 * @param trustedProxies addresses and networks (CIDR); with none every header is ignored
 */
export const clientAddressReader = (trustedProxies: readonly string[]): ClientAddressOf => {
  const trusted = listOf(trustedProxies);
  const isTrusted = (address: string): boolean => trusted.check(address, familyOf(address));
  return (socketAddress, forwardedFor) => {
    let address = plainAddress(socketAddress ?? '');
    if (trustedProxies.length === 0 || !forwardedFor || !isIP(address)) return address;
    for (const entry of forwardedFor.split(',').reverse()) {
      if (!isTrusted(address)) return address;
      const forwarded = forwardedAddress(entry);
      if (forwarded === undefined) return address;
      address = forwarded;
    }
    return address;
  };
};
