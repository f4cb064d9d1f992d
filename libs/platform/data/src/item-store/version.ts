import { randomBytes } from 'node:crypto';

const processName = randomBytes(9).toString('base64url');
let count = 0;

/** A version that no write in any process has had before: 72 random bits of the process and a count. No spaces in it. */
export function nextVersion(): string {
  return `${processName}.${(++count).toString(36)}`;
}
