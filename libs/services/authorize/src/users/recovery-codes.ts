import { randomInt } from 'node:crypto';
import type { Fingerprinter } from '@corsac/data';

/** Without letters and digits that are taken for one another. */
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const count = 10;
const length = 12;
const group = 4;

/** Codes to show once, in groups that people can copy: about 58 random bits each. */
export const makeRecoveryCodes = (): string[] =>
  Array.from({ length: count }, () => {
    const characters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
    return characters.replace(new RegExp(`(.{${group}})(?=.)`, 'g'), '$1-');
  });

/** A code as it was typed, as it is compared. */
const plain = (typed: string): string => typed.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** What of a code is kept: a keyed fingerprint, bound to its user. */
export const recoveryHash = (fingerprinter: Fingerprinter, user_id: string, code: string): string =>
  fingerprinter.of(`${user_id} ${plain(code)}`);

/** The fingerprints that a typed code may be kept under, today's key first; none for what cannot be a code. */
export const recoveryCandidates = (fingerprinter: Fingerprinter, user_id: string, typed: string): string[] =>
  plain(typed).length === length ? fingerprinter.candidates(`${user_id} ${plain(typed)}`) : [];
