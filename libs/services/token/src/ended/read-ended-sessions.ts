import { listEnded, type Bus, type EndedSession } from '@corsac/contracts';
import type { EndedMemory } from './ended-memory.js';
import type { FeedSource } from './feed.js';

/** No access or ID token lives longer (limits of client settings). */
export const longestToken_s = 86_400;
/** A commit may become visible later than its time: so much is read again. Seconds. */
const overlap = 15;
const pageSize = 2_000;

/** What an ended session means for tokens: its expiry alone ends none (spec of refresh grants), everything else does. */
export const rememberEndedSessions = (memory: EndedMemory, ended: readonly EndedSession[]): void => {
  for (const { tenant, track, sid, cause, ended_at } of ended) {
    if (cause !== 'expired') memory.remember({ tenant, track, kind: 'sid', id: sid, until: ended_at + longestToken_s });
  }
};

/** The session service's list of ended sessions: first those of the longest token's life, then the news. */
export const endedSessionsSource = (bus: Pick<Bus, 'ask'>, memory: EndedMemory, nowMs: () => number): FeedSource => {
  let since: number | undefined;
  const read = async (): Promise<void> => {
    const now = Math.floor(nowMs() / 1000);
    let after: string | undefined;
    do {
      const asked = await bus.ask(listEnded, {
        since: since ?? Math.max(0, now - longestToken_s),
        limit: pageSize,
        after,
      });
      if (!asked.ok) throw new Error(`the list of ended sessions is not there: ${asked.error.refusal}`);
      rememberEndedSessions(memory, asked.value.ended);
      after = asked.value.more;
    } while (after !== undefined);
    since = now - overlap;
  };
  return { read };
};
