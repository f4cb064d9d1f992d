import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileIn = (folder: string): string => join(folder, 'server.pid');

/** What a process was started with; empty when it is no more. */
const commandOf = (pid: number): string =>
  spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/**
 * Ends a server that a killed supervisor left behind on a folder: two servers would spoil what is in it. A process that
 * has its number by chance does not name the folder and is left alone.
 */
export const endLeftover = async (folder: string): Promise<void> => {
  if (!existsSync(fileIn(folder))) return;
  const pid = Number(readFileSync(fileIn(folder), 'utf8'));
  rmSync(fileIn(folder));
  if (!Number.isInteger(pid) || pid <= 1 || !commandOf(pid).includes(folder)) return;
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < 5000 && isAlive(pid); waited += 20)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
};

/** Notes which process works on a folder. */
export const noteServer = (folder: string, pid: number): void => writeFileSync(fileIn(folder), String(pid));
