import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { parseMasterKeys, type MasterKeys } from './master-keys.js';

/** Group and others may do nothing with a key file. */
const FORBIDDEN_MODE = 0o077;

/**
 * Reads the master key file and makes it, mode 0600 with one random key, where there is none. Of several processes that start at
 * once all read the same key: the file appears whole or not at all, and who comes second takes what is there.
 * @throws Error with a mend when the file can be read by others or holds no keys
 */
export function loadMasterKeyFile(file: string): MasterKeys {
  if (!statSync(file, { throwIfNoEntry: false })) makeKeyFile(file);
  const { mode } = statSync(file);
  if (process.platform !== 'win32' && (mode & FORBIDDEN_MODE) !== 0) {
    throw new Error(`the master key file ${file} is open to others: chmod 600 ${file}`);
  }
  try {
    return parseMasterKeys(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`the master key file ${file} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

function makeKeyFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(
      handle,
      `# First line seals, further lines only open. Whoever loses this file loses what it sealed.\n${randomBytes(32).toString('base64url')}\n`,
    );
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
