import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a running server writes into its data folder. */
export interface Postmaster {
  pid: number;
  port: number;
  socketFolder: string;
  ready: boolean;
}

/**
 * The server that runs on a data folder, if one does. After a `kill -9` of its parent a server runs on, and after one of itself its file
 * stays: a file whose process is gone, or is by now another program, is removed, since Postgres would refuse to start over it.
 */
export function runningPostmaster(folder: string): Postmaster | undefined {
  const file = join(folder, 'postmaster.pid');
  const found = readPostmaster(folder);
  if (found && isAlive(found.pid) && isServerOf(folder, found.pid)) return found;
  if (existsSync(file)) rmSync(file, { force: true });
  return undefined;
}

/** What postmaster.pid says, without a look at the process. */
export function readPostmaster(folder: string): Postmaster | undefined {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid, , , port, socketFolder = '', , , status = ''] = readFileSync(file, 'utf8').split('\n');
  if (!Number(pid)) return undefined;
  return { pid: Number(pid), port: Number(port), socketFolder: socketFolder.trim(), ready: status.trim() === 'ready' };
}

/**
 * Stops a server: first so that it ends connections and writes a checkpoint, then without, then by force.
 * @param pid of the postmaster
 */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, wait_ms] of [
    ['SIGINT', 8000],
    ['SIGQUIT', 3000],
    ['SIGKILL', 1000],
  ] as const) {
    if (!send(pid, signal)) return;
    for (let waited = 0; waited < wait_ms; waited += 20) {
      await sleep(20);
      if (!isAlive(pid)) return;
    }
  }
}

/** Whether a process exists; one of another user counts. Ids below 1 name groups of processes, not one. */
export function isAlive(pid: number): boolean {
  if (pid < 1) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Process ids are given out again, soon so in a container: the id alone proves nothing. */
function isServerOf(folder: string, pid: number): boolean {
  if (process.platform === 'win32') return true;
  const command = existsSync(`/proc/${pid}/cmdline`)
    ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return /^\S*postgres\s/.test(command) && command.includes(` -D ${folder} `);
}
