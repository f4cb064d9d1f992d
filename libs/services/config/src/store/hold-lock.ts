import { setTimeout as sleep } from 'node:timers/promises';
import { poolOf, type Database } from '@corsac/data';

export interface LockWait {
  /** What is locked, for all replicas. */
  readonly name: string;
  /** Seconds to wait for whoever holds it (600): an application of many users takes minutes on a busy machine. */
  readonly patience_s?: number;
  /** Told once, when somebody else holds it. */
  readonly onWait?: (name: string) => void;
}

/** Somebody held a lock for longer than anybody should. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';
}

const defaultPatienceS = 600;
const firstPauseMs = 50;
const longestPauseMs = 1000;

/**
 * Runs `work` while no other replica holds the lock of that name. It is asked for again and again, each time in a
 * statement that answers at once: waiting inside Postgres would end with the time that statements have.
 * @throws LockHeld when it is not free in time
 */
export const holdLock = async <T>(database: Database, wait: LockWait, work: () => Promise<T>): Promise<T> => {
  const client = await poolOf(database).connect();
  let lost: Error | undefined;
  const onLoss = (error: Error): void => void (lost = error);
  client.on('error', onLoss);
  try {
    await untilHeld(async () => {
      const { rows } = await client.query<{ held: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
        [wait.name],
      );
      return rows[0]?.held === true;
    }, wait);
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [wait.name]).catch(onLoss);
    }
  } finally {
    client.off('error', onLoss);
    // A connection that did not say that it let go might hold on: it ends, and the lock with it.
    client.release(lost);
  }
};

const untilHeld = async (attempt: () => Promise<boolean>, wait: LockWait): Promise<void> => {
  const { name, patience_s = defaultPatienceS, onWait } = wait;
  const until = performance.now() + patience_s * 1000;
  for (let pauseMs = firstPauseMs; !(await attempt()); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (pauseMs === firstPauseMs) onWait?.(name);
    if (performance.now() > until)
      throw new LockHeld(`another replica has held the lock "${name}" for ${patience_s} s: see its log`);
    await sleep(pauseMs);
  }
};
