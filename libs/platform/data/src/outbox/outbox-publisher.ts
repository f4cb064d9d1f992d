import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { poolOf } from '../postgres/open-database.js';
import {
  claimLanes,
  depthOf,
  markFailed,
  markPublished,
  prune,
  type NumberedRow,
  type OutboxRow,
} from './outbox-batch.js';
import { OUTBOX_WRITTEN } from './write-outbox.js';

/** Told what happens, for metrics and the log. Must not throw. */
export interface OutboxObserver {
  published?(row: OutboxRow): void;
  /** `wait_s`: seconds until the next attempt. */
  failed?(row: OutboxRow, error: unknown, wait_s: number): void;
  /** About every ten seconds. */
  depth?(depth: { waiting: number; oldest_s: number }): void;
  /** The database did not answer; the publisher goes on by itself. */
  trouble?(error: unknown): void;
}

export interface OutboxPublisherOptions {
  dataSource: DataSource;
  /**
   * Resolves when the event is acknowledged. `signal` aborts when the row is no longer held: it is put back after five seconds, or as soon as
   * others wait for their turn. What is still on its way then may come to its end; the row is published again later.
   */
  publish: (row: OutboxRow, signal: AbortSignal) => Promise<void>;
  observer?: OutboxObserver;
  /** How long published rows are kept, in seconds (one hour). */
  keep_s?: number;
  /** The longest wait between two attempts of a row, in seconds (3: a bus that is back is used within five). */
  longest_wait_s?: number;
}

const BEAT_MS = 1000;
const BATCH = 200;
const LANES_AT_ONCE = 32;
const PUBLISH_MS = 5000;
/** An event that is not taken within this time steps aside when others wait. */
const PATIENCE_MS = 250;

/** After this no further row of the batch is begun. With the last one's deadline it stays under the idle time the database allows a transaction. */
const BATCH_MS = 2000;
const FIRST_WAIT_S = 0.2;
const UPKEEP_MS = 10_000;

/** Why a publishing ends without an acknowledgement. */
interface Ends {
  lost: AbortSignal;
  /** Others wait. */
  hurry: AbortSignal;
}

const STEPS_ASIDE = new Error('others wait');

interface Result {
  published: string[];
  failed: { seq: string; wait_s: number }[];
}

/**
 * Publishes the events of a schema until each is acknowledged: at least once, in order per subject and key, a row by one publisher at a time.
 * Any number of replicas may run one. It is woken by commits of its own data source and looks every second besides.
 */
export class OutboxPublisher {
  private loop?: Promise<void>;
  private stopping = new AbortController();
  private wake = (): void => undefined;
  private nudged = false;
  private hurry = new AbortController();
  private upkeepAt = 0;
  private beat_ms = BEAT_MS;
  private readonly subscriber: EntitySubscriberInterface = {
    afterTransactionCommit: ({ queryRunner }: { queryRunner: QueryRunner }) => this.afterCommit(queryRunner),
  };

  constructor(private readonly options: OutboxPublisherOptions) {}

  /** Begins to publish, and to listen for commits. */
  start(): void {
    if (this.loop) return;
    this.stopping = new AbortController();
    this.options.dataSource.subscribers.push(this.subscriber);
    this.loop = this.run();
  }

  /** Finishes what is being published and begins nothing more. */
  async stop(): Promise<void> {
    const { subscribers } = this.options.dataSource;
    const at = subscribers.indexOf(this.subscriber);
    if (at >= 0) subscribers.splice(at, 1);
    this.stopping.abort();
    this.wake();
    await this.loop;
    this.loop = undefined;
  }

  /** Looks at once; for a writer in this process that does not use the data source, and for a bus that is back. */
  nudge(): void {
    this.nudged = true;
    this.hurry.abort();
    this.wake();
  }

  /**
   * One round: claims what is due, publishes it, notes the results.
   * @returns how many rows were published
   * @throws whatever the database throws; the rows then stay as they were
   */
  async publishDue(): Promise<number> {
    const client = await poolOf(this.options.dataSource).connect();
    const lost = new AbortController();
    const onLoss = () => lost.abort(new Error('the connection that holds the rows is lost'));
    client.on('error', onLoss);
    let broken: unknown;
    try {
      return await this.round(client, lost.signal);
    } catch (error) {
      broken = error;
      throw error;
    } finally {
      client.off('error', onLoss);
      client.release(broken ? true : undefined);
    }
  }

  private async round(client: PoolClient, lost: AbortSignal): Promise<number> {
    await client.query('begin');
    this.hurry = new AbortController();
    setMaxListeners(LANES_AT_ONCE, this.hurry.signal);
    const lanes = await claimLanes(client, BATCH);
    const result: Result = { published: [], failed: [] };
    if (lanes.length > 0) await this.publishLanes(lanes, result, lost);
    lost.throwIfAborted();
    await markPublished(client, result.published);
    await markFailed(client, result.failed);
    await client.query('commit');
    return result.published.length;
  }

  private async publishLanes(lanes: NumberedRow[][], result: Result, lost: AbortSignal): Promise<void> {
    const until = performance.now() + BATCH_MS;
    const waiting = [...lanes];
    if (lanes.length > LANES_AT_ONCE) this.hurry.abort();
    const ends = { lost, hurry: this.hurry.signal };
    const worker = async () => {
      for (let lane = waiting.shift(); lane; lane = waiting.shift()) {
        for (const row of lane) {
          if (performance.now() > until || lost.aborted) return;
          if (!(await this.publishRow(row, result, ends))) break;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES_AT_ONCE, lanes.length) }, worker));
  }

  /** A row that fails holds up its lane: later ones of the same key must not overtake it. */
  private async publishRow({ seq, row }: NumberedRow, result: Result, ends: Ends): Promise<boolean> {
    const { publish, observer, longest_wait_s = 3 } = this.options;
    const patience = patienceUnder(ends.hurry);
    try {
      const signal = AbortSignal.any([ends.lost, AbortSignal.timeout(PUBLISH_MS), patience.signal]);
      await Promise.race([publish(row, signal), untilAborted(signal)]);
      result.published.push(seq);
      observer?.published?.(row);
      return true;
    } catch (error) {
      const wait_s = Math.min(longest_wait_s, FIRST_WAIT_S * 2 ** Math.min(row.attempt - 1, 10));
      result.failed.push({ seq, wait_s });
      this.beat_ms = Math.min(this.beat_ms, wait_s * 1000);
      if (error !== STEPS_ASIDE) observer?.failed?.(row, error, wait_s);
      return false;
    } finally {
      patience.rest();
    }
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.nudged = false;
      try {
        const published = await this.publishDue();
        await this.upkeep();
        if (published > 0) continue;
      } catch (error) {
        this.options.observer?.trouble?.(error);
      }
      if (!this.nudged) await this.untilWoken();
    }
  }

  private async untilWoken(): Promise<void> {
    const woken = new AbortController();
    this.wake = () => woken.abort();
    if (this.stopping.signal.aborted) return;
    await sleep(this.beat_ms, undefined, { signal: woken.signal }).catch(() => undefined);
    this.beat_ms = BEAT_MS;
    this.wake = () => undefined;
  }

  private async upkeep(): Promise<void> {
    if (performance.now() < this.upkeepAt) return;
    this.upkeepAt = performance.now() + UPKEEP_MS;
    const { dataSource, observer, keep_s = 3600 } = this.options;
    const client = await poolOf(dataSource).connect();
    try {
      await prune(client, keep_s);
      if (observer?.depth) observer.depth(await depthOf(client));
    } finally {
      client.release();
    }
  }

  private afterCommit({ data }: QueryRunner): void {
    const written = data as Record<string, unknown>;
    if (!written[OUTBOX_WRITTEN]) return;
    written[OUTBOX_WRITTEN] = false;
    this.nudge();
  }
}

/** A signal that aborts when there is a hurry, but not before an event has had its fair time; `rest` when it has been taken. */
function patienceUnder(hurry: AbortSignal): { signal: AbortSignal; rest(): void } {
  const patience = new AbortController();
  const end = () => patience.abort(STEPS_ASIDE);
  const timer = setTimeout(() => {
    if (hurry.aborted) end();
    else hurry.addEventListener('abort', end, { once: true });
  }, PATIENCE_MS);
  const rest = () => {
    clearTimeout(timer);
    hurry.removeEventListener('abort', end);
  };
  return { signal: patience.signal, rest };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
