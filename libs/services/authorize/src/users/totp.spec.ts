import { base32, matchTotp, otpauthUri, totpCode, totpStep } from './totp.js';

/** RFC 6238 appendix B; the last six of its eight digits. */
const seed = Buffer.from('12345678901234567890');

describe('time-based codes, RFC 6238', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i are %s', (time, code) => {
    expect(totpCode(seed, totpStep(time))).toBe(code);
    expect(matchTotp(seed, code, time)).toBe(totpStep(time));
  });

  it('are found one step around the moment, and no farther away', () => {
    const code = totpCode(seed, 100);
    expect([99, 100, 101].map((step) => matchTotp(seed, code, step * 30))).toEqual([100, 100, 100]);
    expect([98, 102].map((step) => matchTotp(seed, code, step * 30))).toEqual([undefined, undefined]);
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '-12345', '12 34 5x'])('are not %j', (typed) => {
    expect(matchTotp(seed, typed, 0)).toBeUndefined();
  });

  it('may be typed with a blank between', () => {
    expect(matchTotp(seed, ' 287 082 ', 59)).toBe(1);
  });
});

describe('seeds for apps', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('write %j as %s, RFC 4648 10', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });

  it('stand in an address with names that cannot break it', () => {
    expect(otpauthUri('ABCD', { issuer: 'A:c&me', account: 'ada@example.com?x=1' })).toBe(
      'otpauth://totp/A%20c%26me:ada%40example.com%3Fx%3D1?secret=ABCD&issuer=A%20c%26me&algorithm=SHA1&digits=6&period=30',
    );
  });
});
