import { spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';

/** Who runs the server: Postgres refuses to run as root, so root lends it the user `nobody`. */
export interface ServerUser {
  uid?: number;
  gid?: number;
}

const NOBODY = 65534;

/** The user for a server that this process starts; nothing is changed for a process that is not root. */
export function serverUser(): ServerUser {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Gives a file or folder to the server's user. */
export function giveTo({ uid, gid }: ServerUser, path: string): void {
  if (uid === undefined || gid === undefined) return;
  if (statSync(path).uid !== uid) chownSync(path, uid, gid);
}

/**
 * Runs a program to its end as the server's user.
 * @throws Error with what the program said, or with the mend when the user may not reach the program or the folder
 */
export function runAs(user: ServerUser, program: string, { args, cwd }: { args: string[]; cwd: string }): string {
  const run = spawnSync(program, args, {
    ...user,
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  const code = (run.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EACCES' || code === 'EPERM' || (run.status !== 0 && /permission denied/i.test(run.stderr ?? ''))) {
    throw new Error(
      `Postgres runs as the user ${user.uid ?? 'you'} here, which may not reach ${program} or ${cwd}: ` +
        'move the project out of a private folder such as /root, or set DATABASE_URL to a database of your own',
    );
  }
  if (run.error) throw run.error;
  if (run.status !== 0)
    throw new Error(`${program} failed: ${(run.stderr || run.stdout).trim().split('\n').slice(-4).join(' / ')}`);
  return run.stdout;
}
