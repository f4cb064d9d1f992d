import { BlockList, isIP } from 'node:net';

const subnets = (networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
};

/** Everything of IANA's special-purpose registry for IPv4 (RFC 6890) that is not of the open internet. */
const notPublicV4 = subnets([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local, with the metadata services of clouds at 169.254.169.254.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // A public address that is a metadata service all the same, in one cloud.
  '168.63.129.16',
]);

const globalV6 = subnets(['2000::/3']);
/** Inside the global range, yet documentation, or a way to an IPv4 address hidden in it (Teredo, 6to4). */
const notPublicV6 = subnets(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16']);
const loopback = subnets(['127.0.0.0/8', '::1']);

/** An IPv4 address that came as IPv6 (`::ffff:10.0.0.1`, `::ffff:a00:1`) is judged as what it is. */
const unmapped = (address: string): string => {
  const lower = address.toLowerCase();
  if (!lower.startsWith('::ffff:')) return lower;
  const rest = lower.slice(7);
  if (isIP(rest) === 4) return rest;
  const [high, low, ...more] = rest.split(':').map((group) => parseInt(group, 16));
  if (high === undefined || low === undefined || more.length > 0) return lower;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether anybody on the internet has this address. */
export const isPublicAddress = (text: string): boolean => {
  const address = unmapped(text);
  if (isIP(address) === 4) return !notPublicV4.check(address, 'ipv4');
  return isIP(address) === 6 && globalV6.check(address, 'ipv6') && !notPublicV6.check(address, 'ipv6');
};

/** How far an address may be reached: `public` by https, `allowed` also by http, `forbidden` not at all. */
export type AddressClass = 'public' | 'allowed' | 'forbidden';

export interface AddressRules {
  /** Host names, addresses and networks that an installation's settings name. */
  readonly allow: readonly string[];
  /** The installation itself is on this machine, so what else is on it may be reached. */
  readonly loopback: boolean;
}

/** Judges the addresses that a host name stands for. */
export type Judge = (host: string, address: string) => AddressClass;

/** Makes a judge of the settings. */
export const createJudge = ({ allow, loopback: allowLoopback }: AddressRules): Judge => {
  const isNetwork = (entry: string): boolean => isIP(entry.split('/')[0] ?? '') !== 0;
  const hosts = new Set(allow.filter((entry) => !isNetwork(entry)).map((entry) => entry.toLowerCase()));
  const networks = subnets(allow.filter(isNetwork));
  return (host, text) => {
    const address = unmapped(text);
    const family = familyOf(address);
    if (hosts.has(host.toLowerCase()) || networks.check(address, family)) return 'allowed';
    if (allowLoopback && loopback.check(address, family)) return 'allowed';
    return isPublicAddress(address) ? 'public' : 'forbidden';
  };
};
