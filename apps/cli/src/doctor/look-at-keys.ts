import { apiPath } from '../api/address.js';
import type { ControlApi } from '../api/control-api.js';
import { keysShape } from '../commands/keys.js';
import { fine, skipped, wrong, type Finding } from './finding.js';

/** Whether a key signs for every algorithm that the track has keys of, as its administrators see it. */
export const lookAtKeys = async (api: ControlApi, track: string): Promise<Finding> => {
  const check = 'signing keys';
  const read = await api.call('GET', apiPath(api.tenant, track, 'keys'), keysShape);
  if (!read.ok) {
    const { message, details = [], mend } = read.error;
    const told = [message, ...details].join(': ');
    if (/^(You have no right|Nobody is signed in)/.test(message)) return skipped(check, told);
    return wrong(check, 'they cannot be read', { cause: told, mend });
  }
  const algs = [...new Set(read.value.items.map(({ alg }) => alg))];
  const ready = new Set(read.value.items.filter(({ state }) => state === 'current').map(({ alg }) => alg));
  // An algorithm that was taken out has keys that are published and sign no more.
  const lasting = algs.filter((alg) => read.value.items.some((key) => key.alg === alg && key.state === 'next'));
  const idle = lasting.filter((alg) => !ready.has(alg));
  if (ready.size > 0 && idle.length === 0) return fine(check, `a current one for ${[...ready].join(', ')}`);
  return wrong(check, ready.size === 0 ? 'none signs' : `none signs for ${idle.join(', ')}`, {
    cause: 'The token service has made no key, or cannot open it.',
    mend: 'Look at the log of the token service and at CORSAC_MASTER_KEY.',
  });
};
