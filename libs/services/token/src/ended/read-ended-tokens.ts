import type { EndedMemory } from './ended-memory.js';
import type { EndedStore } from './ended-store.js';
import type { FeedSource } from './feed.js';

/** A commit may become visible later than its time: so many milliseconds are read again. */
const overlapMs = 15_000;

/** The table's list of ended grants and revoked tokens: first all that still matters, then the news. */
export const endedTokensSource = (store: EndedStore, memory: EndedMemory, nowMs: () => number): FeedSource => {
  let seenMs = 0;
  const read = async (): Promise<void> => {
    const { ended, now_ms } = await store.since(seenMs, Math.floor(nowMs() / 1000));
    for (const thing of ended) memory.remember(thing);
    seenMs = now_ms - overlapMs;
  };
  return { read };
};
