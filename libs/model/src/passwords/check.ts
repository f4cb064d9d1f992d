import type { LeakedPasswords } from './leaked.js';
import type { PasswordPolicy } from './settings.js';

/** Why a password is refused; pages have a text for each. */
export type PasswordFault =
  | 'too_short'
  | 'too_long'
  | 'banned_character'
  | 'too_simple'
  | 'one_character'
  | 'contains_identifier'
  | 'contains_address'
  | 'leaked';

/** Who the password is for, so that it does not repeat what everybody knows. */
export interface PasswordContext {
  /** Email, username and phone of the user. */
  readonly identifiers?: readonly string[];
  /** Texts of the address where it is used: host, tenant, track. */
  readonly address?: readonly string[];
  readonly leaked?: LeakedPasswords;
}

/** Parts up to this length are too common to be a hint. */
const shortPart = 3;

const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

const isSimple = (password: string): boolean => classes.filter((one) => one.test(password)).length < 3;

/** One character makes up half of the password, and at least three of it. */
const isOneCharacter = (password: string): boolean => {
  const characters = [...password.toLowerCase()];
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  return Math.max(0, ...counts.values()) >= Math.max(3, characters.length / 2);
};

const partsOf = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{Nd}]+/u)).filter((part) => part.length > shortPart);

const contains = (password: string, texts: readonly string[]): boolean => {
  const lower = password.toLowerCase();
  return partsOf(texts).some((part) => lower.includes(part));
};

/** The rules in the order in which they are told. */
const rules: readonly {
  readonly fault: PasswordFault;
  readonly fails: (password: string, policy: PasswordPolicy, context: PasswordContext) => boolean;
}[] = [
  { fault: 'too_short', fails: (password, policy) => [...password].length < policy.min_length },
  { fault: 'too_long', fails: (password, policy) => [...password].length > policy.max_length },
  {
    fault: 'banned_character',
    fails: (password, policy) => [...password].some((character) => policy.banned_characters.includes(character)),
  },
  { fault: 'too_simple', fails: (password, policy) => policy.check_complexity && isSimple(password) },
  { fault: 'one_character', fails: (password, policy) => policy.check_complexity && isOneCharacter(password) },
  {
    fault: 'contains_identifier',
    fails: (password, policy, { identifiers = [] }) => policy.check_complexity && contains(password, identifiers),
  },
  {
    fault: 'contains_address',
    fails: (password, policy, { address = [] }) => policy.check_complexity && contains(password, address),
  },
  { fault: 'leaked', fails: (password, policy, { leaked }) => policy.check_leaked && leaked?.has(password) === true },
];

/** Passwords beyond this length are not looked into: the limit comes first, so that a huge text costs nothing. */
const maxLooked = 1024;

/**
 * Tells what is wrong with a new password by a track's policy, reference 3.6.
 * @returns every fault, in the order in which a page tells them; none when the password may be used
 */
export const passwordFaults = (
  password: string,
  policy: PasswordPolicy,
  context: PasswordContext = {},
): PasswordFault[] => {
  if (password.length > maxLooked) return ['too_long'];
  return rules.filter(({ fails }) => fails(password, policy, context)).map(({ fault }) => fault);
};
