const hexGroup = /^[0-9a-f]{1,4}$/i;
const decimal = /^(0|[1-9][0-9]{0,2})$/;

const parseV4 = (text: string): number[] | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => decimal.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
};

/** Groups of one side of `::`; a dotted tail counts as two groups, but only at the very end (RFC 4291 2.2). */
const groupsOf = (text: string, isEnd: boolean): number[] | undefined => {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    const dotted = isEnd && index === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined;
    if (dotted) groups.push(dotted[0]! * 256 + dotted[1]!, dotted[2]! * 256 + dotted[3]!);
    else if (hexGroup.test(part)) groups.push(parseInt(part, 16));
    else return undefined;
  }
  return groups;
};

const parseV6 = (text: string): number[] | undefined => {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const head = groupsOf(sides[0]!, sides.length === 1);
  const tail = sides.length === 2 ? groupsOf(sides[1]!, true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  return groups.flatMap((group) => [group >> 8, group & 255]);
};

/** An address as bytes. An IPv4 address that came in IPv6 clothes (`::ffff:192.0.2.1`) counts as IPv4. */
const parseAddress = (text: string): number[] | undefined => {
  if (!text.includes(':')) return parseV4(text);
  const bytes = parseV6(text);
  if (!bytes) return undefined;
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.slice(12) : bytes;
};

const parseRange = (text: string): { bytes: number[]; bits: number } | undefined => {
  const [address, length, ...rest] = text.split('/');
  const bytes = parseAddress(address!);
  if (!bytes || rest.length > 0) return undefined;
  if (length === undefined) return { bytes, bits: bytes.length * 8 };
  const bits = decimal.test(length) ? Number(length) : -1;
  return bits >= 0 && bits <= bytes.length * 8 ? { bytes, bits } : undefined;
};

/** Tells whether a text is an IPv4 or IPv6 address or a CIDR range (RFC 4632, RFC 4291 2.3). */
export const isAddressRange = (text: string): boolean => parseRange(text) !== undefined;

/**
 * Tells whether an address lies in a range.
 * @param address the client's address as the listener proved it, never a header's word
 * @param range an address or `address/length`; something that is neither contains nothing
 */
export const isInRange = (address: string, range: string): boolean => {
  const bytes = parseAddress(address);
  const net = parseRange(range);
  if (!bytes || !net || bytes.length !== net.bytes.length) return false;
  return bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, net.bits - index * 8));
    const mask = (255 << (8 - bits)) & 255;
    return (byte & mask) === (net.bytes[index]! & mask);
  });
};
