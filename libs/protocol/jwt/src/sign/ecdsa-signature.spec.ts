import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { derToJose, joseToDer } from './ecdsa-signature.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const integer = (hex: string): Buffer => Buffer.from(hex, 'hex');
const der = (r: Buffer, s: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x30, r.length + s.length + 4, 0x02, r.length]), r, Buffer.from([0x02, s.length]), s]);

describe('ECDSA signatures between DER and r||s, RFC 7518 3.4', () => {
  it('agrees with the library over many signatures, in both directions', () => {
    for (let i = 0; i < 300; i++) {
      const data = Buffer.from(`message ${i}`);
      const made = sign('sha256', data, privateKey);
      const jose = derToJose(made);
      expect(jose).toHaveLength(64);
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, jose)).toBe(true);
      expect(joseToDer(jose)).toEqual(made);
    }
  });

  it.each([
    ['short integers are padded to the left', integer('01'), integer('7f')],
    [
      'a leading zero of a high integer is dropped',
      integer(`00${'ff'.repeat(32)}`),
      integer(`00${'80'.padEnd(64, '0')}`),
    ],
    ['full length without sign byte', integer('7f'.repeat(32)), integer('01'.repeat(32))],
    ['both lengths mixed', integer('aa'.padStart(62, '7')), integer(`00${'ee'.repeat(32)}`)],
  ])('keeps the numbers: %s', (_title, r, s) => {
    const jose = derToJose(der(r, s));
    expect(BigInt(`0x${jose.subarray(0, 32).toString('hex')}`)).toBe(BigInt(`0x${r.toString('hex')}`));
    expect(BigInt(`0x${jose.subarray(32).toString('hex')}`)).toBe(BigInt(`0x${s.toString('hex')}`));
    expect(joseToDer(jose)).toEqual(der(r, s));
  });

  it('writes a zero integer as one byte', () => {
    expect(joseToDer(Buffer.alloc(64))).toEqual(der(integer('00'), integer('00')));
  });

  it.each([0, 63, 65, 72, 128])('refuses a signature of %i bytes', (length) => {
    expect(joseToDer(Buffer.alloc(length, 1))).toBeUndefined();
  });

  it.each([
    ['no integer', Buffer.from([0x30, 4, 0x03, 1, 1, 1])],
    ['cut off', Buffer.from([0x30, 4, 0x02])],
    ['integers of another curve', der(Buffer.alloc(48, 1), Buffer.alloc(48, 1))],
  ])('throws for bytes that the signing library cannot have made: %s', (_title, bytes) => {
    expect(() => derToJose(bytes)).toThrow();
  });
});
