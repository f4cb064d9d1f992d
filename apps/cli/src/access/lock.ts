import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { ok, type Outcome } from '@corsac/outcome';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';

/** A lock older than this was left behind: nobody keeps one longer than a request may take. */
const leftBehindMs = 120_000;
const patienceMs = 60_000;
const betweenMs = 50;

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

const gone = (error: unknown): undefined => {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
};

const take = async (file: string, own: string): Promise<boolean> => {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(own).finally(() => handle.close());
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

/** Takes away a lock that somebody left behind. Of several who try, one moves it; who moved a newer one puts it back. */
const clear = async (file: string, seen: string): Promise<void> => {
  const aside = `${file}.${randomUUID()}`;
  const moved = await rename(file, aside).then(() => true, gone);
  if (!moved) return;
  if ((await readFile(aside, 'utf8').catch(gone)) !== seen) await link(aside, file).catch(() => undefined);
  await unlink(aside).catch(gone);
};

const clearIfLeft = async (file: string): Promise<void> => {
  const seen = await readFile(file, 'utf8').catch(gone);
  const times = await stat(file).catch(gone);
  // Files have their times from the machine's own clock, whatever the caller counts by.
  if (seen !== undefined && times && Date.now() - times.mtimeMs > leftBehindMs) await clear(file, seen);
};

const release = async (file: string, own: string): Promise<void> => {
  if ((await readFile(file, 'utf8').catch(gone)) === own) await unlink(file).catch(gone);
};

/** Does something while no other process of this user does anything under the same lock file. */
export const underLock = async <T>(
  { sleep, nowMs }: Pick<Machine, 'sleep' | 'nowMs'>,
  file: string,
  work: () => Promise<Outcome<T, Problem>>,
): Promise<Outcome<T, Problem>> => {
  const own = `${process.pid} ${randomUUID()}`;
  const ends = nowMs() + patienceMs;
  while (!(await take(file, own))) {
    if (nowMs() > ends)
      return refused(`another corsac holds ${file}`, { mend: 'Wait for it, or remove the file when none runs.' });
    await clearIfLeft(file);
    await sleep(betweenMs);
  }
  try {
    const done = await work();
    return done.ok ? ok(done.value) : done;
  } finally {
    await release(file, own);
  }
};
