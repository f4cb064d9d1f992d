import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive } from './postmaster.js';

const fileOf = (folder: string): string => `${folder}.owner`;

/**
 * Notes that this process uses a data folder, so that a second start does not adopt the database of a first one that still runs.
 * @throws Error with a mend
 */
export function claimFolder(folder: string): void {
  const file = fileOf(folder);
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner && owner !== process.pid && isAlive(owner) && isNode(owner)) {
    throw new Error(
      `${folder} is in use by process ${owner}: stop it first, or set DATABASE_URL to a database for both`,
    );
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
}

/** Forgets the note, if it is ours. */
export function releaseFolder(folder: string): void {
  const file = fileOf(folder);
  if (existsSync(file) && Number(readFileSync(file, 'utf8')) === process.pid) rmSync(file, { force: true });
}

/** A process id that was given out again to another program claims nothing. */
function isNode(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return !existsSync('/proc/self/cmdline') || (existsSync(file) && readFileSync(file, 'latin1').includes('node'));
}
