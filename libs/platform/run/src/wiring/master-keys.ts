import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { loadMasterKeyFile, parseMasterKeys, type MasterKeys } from '@corsac/data';
import type { Settings } from '@corsac/settings';
import { asStartProblem } from '../start/start-problem.js';

const mend = 'give 32 random bytes in base64url, older keys after it, separated by commas';

/**
 * The master keys of a process: from the setting, else, embedded only, from a file that is made at first start, or for
 * as long as the process lives when nothing is kept. @throws StartProblem
 */
export const masterKeysOf = ({ master_key, data }: Pick<Settings, 'master_key' | 'data'>): MasterKeys => {
  try {
    if (master_key !== undefined) return parseMasterKeys(master_key);
    if (data === 'memory') return parseMasterKeys(randomBytes(32).toString('base64url'));
  } catch (error) {
    throw asStartProblem(error, 'CORSAC_MASTER_KEY cannot be used', mend);
  }
  try {
    return loadMasterKeyFile(join(data, 'master.key'));
  } catch (error) {
    throw asStartProblem(error, 'the master key', 'restore the file, or set CORSAC_MASTER_KEY');
  }
};
