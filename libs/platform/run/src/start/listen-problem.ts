import type { Settings } from '@corsac/settings';
import { asStartProblem, StartProblem } from './start-problem.js';

/** Why a port cannot be listened on, with the mend. */
export const listenProblem = (error: unknown, { host, port }: Pick<Settings, 'host' | 'port'>): StartProblem => {
  const { code } = error as NodeJS.ErrnoException;
  const place = `port ${port} on ${host}`;
  if (code === 'EADDRINUSE') {
    return new StartProblem(`${place} is taken`, 'stop the other process or set PORT to a free one');
  }
  if (code === 'EACCES') return new StartProblem(`${place} is not ours to take`, 'set PORT to one above 1023');
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartProblem(`${host} is no address of this machine`, 'set HOST to one that is, or to 0.0.0.0');
  }
  return asStartProblem(error, place, 'set HOST and PORT to others');
};
