import { commonNumbers, commonWords } from './common-words.js';

/** A list of passwords that must not be chosen. An installation may bring a larger one. */
export interface LeakedPasswords {
  has(password: string): boolean;
}

const known = new Set([...commonWords, ...commonNumbers]);

/** Longest tail that people hang on a word to satisfy a rule: `1!`, `2024`, `123!`. */
const maxTail = 5;

const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const unleet = (text: string): string => text.replace(/[013457@$!]/g, (sign) => letters[sign]!);

/** The word without the digits and signs at its end, when they are few. */
const withoutTail = (text: string): string => {
  const word = text.replace(/[^\p{L}]+$/u, '');
  return text.length - word.length <= maxTail ? word : text;
};

/** The same text twice or more. */
const repeated = (text: string): string => /^(.{2,}?)\1+$/u.exec(text)?.[1] ?? text;

const spellings = (password: string): string[] => {
  const lower = password.normalize('NFKC').toLowerCase();
  const word = withoutTail(lower);
  return [lower, word, unleet(lower), unleet(word), repeated(lower), withoutTail(unleet(lower))];
};

/** The list that comes with Corsac: known without any network, small, and met by the passwords that are tried first. */
export const bundledLeakedPasswords: LeakedPasswords = {
  has: (password) => password.length <= 64 && spellings(password).some((spelling) => known.has(spelling)),
};
