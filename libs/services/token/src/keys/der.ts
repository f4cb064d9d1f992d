/** Just enough of DER (X.690) to write a certificate: every value is definite-length and made once. */

const length = (size: number): Buffer => {
  if (size < 0x80) return Buffer.of(size);
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.of(0x80 | bytes.length, ...bytes);
};

const element = (tag: number, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag), length(body.length), body]);
};

export const sequence = (...content: Buffer[]): Buffer => element(0x30, ...content);
export const set = (...content: Buffer[]): Buffer => element(0x31, ...content);
export const octetString = (content: Buffer): Buffer => element(0x04, content);
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.of(value ? 0xff : 0));
export const nothing = (): Buffer => element(0x05);
/** Explicit context tag, constructed. */
export const tagged = (number: number, content: Buffer): Buffer => element(0xa0 | number, content);
/** `unused`: bits at the end of the last byte that do not count. */
export const bitString = (content: Buffer, unused = 0): Buffer => element(0x03, Buffer.of(unused), content);

/** A non-negative integer from its big-endian bytes; a leading zero keeps it positive (X.690 8.3). */
export const integer = (bytes: Buffer): Buffer => {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const minimal = bytes.subarray(start);
  return element(0x02, (minimal[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), minimal]) : minimal);
};

/** An object identifier from its dotted form (X.690 8.19). */
export const objectIdentifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return element(0x06, Buffer.from(bytes));
};

/** A moment, to the second. Years from 2050 on need GeneralizedTime (RFC 5280 4.1.2.5). */
export const time = (unixSeconds: number): Buffer => {
  const digits = new Date(unixSeconds * 1000).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return Number(digits.slice(0, 4)) < 2050
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`, 'ascii'))
    : element(0x18, Buffer.from(`${digits}Z`, 'ascii'));
};
