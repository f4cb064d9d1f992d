/** Letters that cannot spell words and are not mistaken for one another. RFC 8628 6.1. */
export const userCodeAlphabet = 'BCDFGHJKLMNPQRSTVWXZ';

const letters = 8;
const space = BigInt(userCodeAlphabet.length) ** BigInt(letters);

/** A user code such as `WDJB-MJHT`: 20^8 possibilities, enough with the brake on guesses. RFC 8628 5.1. @param random 16 random bytes */
export const userCodeOf = (random: Uint8Array): string => {
  let number = BigInt(`0x${Buffer.from(random).toString('hex')}`) % space;
  let code = '';
  for (let i = 0; i < letters; i++) {
    code += userCodeAlphabet[Number(number % 20n)];
    number /= 20n;
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
};

/** What a user typed, as the code it stands for: case, blanks and dashes do not matter. @returns nothing for what can be no code */
export const normaliseUserCode = (typed: string): string | undefined => {
  if (typed.length > 40) return undefined;
  const code = typed.toUpperCase().replace(/[\s\-_.]/g, '');
  const isCode = code.length === letters && [...code].every((letter) => userCodeAlphabet.includes(letter));
  return isCode ? `${code.slice(0, 4)}-${code.slice(4)}` : undefined;
};
