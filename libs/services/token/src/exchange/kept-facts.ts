import type { Outcome } from '@corsac/outcome';
import { BoundedMemory } from '../party/bounded-memory.js';

export interface KeptFactsOptions {
  readonly nowMs: () => number;
  /** Milliseconds between two readings that somebody asks for before their time. */
  readonly cooldown_ms?: number;
  /** Milliseconds before a failed reading is tried again. */
  readonly retry_ms?: number;
  /** Things kept at most. */
  readonly capacity?: number;
}

interface Held<T> {
  readonly facts: Outcome<T, string>;
  readonly atMs: number;
  readonly triedMs: number;
}

/** When what is kept is read again. */
export interface Freshness {
  /** Milliseconds. */
  readonly freshMs: number;
  /** What is kept was not enough: read before its time, unless that was done a moment ago. */
  readonly again?: boolean;
}

/**
 * Things read from somebody else, kept for a while. Askers at the same time share one reading; what was read once serves on while
 * the other is away, and somebody who is away is not asked at every request.
 */
export class KeptFacts<T> {
  private readonly held: BoundedMemory<Held<T>>;
  private readonly reading = new Map<string, Promise<Outcome<T, string>>>();

  constructor(private readonly options: KeptFactsOptions) {
    this.held = new BoundedMemory(options.capacity ?? 2_000);
  }

  /** @param key names everything that the reading depends on */
  get(
    key: string,
    { freshMs, again }: Freshness,
    read: () => Promise<Outcome<T, string>>,
  ): Promise<Outcome<T, string>> {
    const { nowMs, cooldown_ms = 30_000, retry_ms = 5_000 } = this.options;
    const held = this.held.get(key);
    const now = nowMs();
    if (held) {
      const isCool = now - held.triedMs >= (held.facts.ok ? cooldown_ms : retry_ms);
      const isWanted = !held.facts.ok || again === true || now - held.atMs >= freshMs;
      if (!isCool || !isWanted) return Promise.resolve(held.facts);
    }
    const running = this.reading.get(key) ?? this.readInto(key, now, read).finally(() => this.reading.delete(key));
    this.reading.set(key, running);
    return running;
  }

  private async readInto(
    key: string,
    nowMs: number,
    read: () => Promise<Outcome<T, string>>,
  ): Promise<Outcome<T, string>> {
    const facts = await read();
    const before = this.held.get(key);
    if (!facts.ok && before?.facts.ok) {
      this.held.set(key, { ...before, triedMs: nowMs });
      return before.facts;
    }
    this.held.set(key, { facts, atMs: nowMs, triedMs: nowMs });
    return facts;
  }
}
