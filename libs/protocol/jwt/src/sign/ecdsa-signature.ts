/**
 * ECDSA P-256 signatures between the two forms: DER, which OpenSSL makes natively, and the fixed 64 bytes r||s of JOSE
 * (RFC 7518 3.4). Node's own conversion doubles the price of a signature, this one costs less than a microsecond.
 */

const half = 32;

/**
 * DER to r||s.
 * @throws when the bytes are not a DER signature over P-256: they come from the signing library
 */
export const derToJose = (der: Uint8Array): Buffer => {
  const jose = Buffer.alloc(2 * half);
  let offset = 2;
  for (let part = 0; part < 2; part++) {
    const length = der[offset + 1];
    if (der[offset] !== 0x02 || length === undefined) throw new Error('not an ECDSA signature in DER');
    const start = offset + 2;
    const padding = Math.max(0, length - half);
    if (length - padding > half || padding > 1) throw new Error('not a P-256 signature');
    jose.set(der.subarray(start + padding, start + length), part * half + (half - (length - padding)));
    offset = start + length;
  }
  return jose;
};

/**
 * r||s to DER, with each integer in its shortest form and never negative.
 * @returns nothing unless the signature is exactly 64 bytes: a longer or shorter one is a forgery attempt, RFC 7518 3.4
 */
export const joseToDer = (jose: Uint8Array): Buffer | undefined => {
  if (jose.length !== 2 * half) return undefined;
  const r = derInteger(jose.subarray(0, half));
  const s = derInteger(jose.subarray(half));
  return Buffer.concat([Buffer.from([0x30, r.length + s.length]), r, s]);
};

const derInteger = (bytes: Uint8Array): Buffer => {
  let start = 0;
  while (start < half - 1 && bytes[start] === 0) start++;
  const sign = (bytes[start] as number) >= 0x80 ? 1 : 0;
  const integer = Buffer.alloc(2 + sign + half - start);
  integer[0] = 0x02;
  integer[1] = sign + half - start;
  integer.set(bytes.subarray(start), 2 + sign);
  return integer;
};
