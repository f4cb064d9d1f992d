import { setTimeout as sleep } from 'node:timers/promises';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { BusOptions } from '../service-bus.js';
import { ensureStream, type WantedStream } from './streams.js';

interface OwnStreamsParts {
  readonly manager: JetStreamManager;
  readonly wanted: readonly WantedStream[];
  readonly replicas: number;
  readonly logger: BusOptions['logger'];
  readonly stopped: AbortSignal;
}

/** The streams that a service owns: made when they are missing, as soon as NATS lets it. */
export class OwnStreams {
  /** What is in the way just now. */
  problem: string | undefined;
  private looking: Promise<void> | undefined;
  private done = false;

  constructor(private readonly parts: OwnStreamsParts) {}

  /** Looks after the streams until they are there; one who asks meanwhile waits for the same look. */
  ready(): Promise<void> {
    this.looking ??= Promise.all(this.parts.wanted.map((wanted) => this.keep(wanted))).then(() => {
      this.done = true;
    });
    return this.looking;
  }

  /** NATS was away, or does not take a message: what was there may be gone. */
  lookAgain(): void {
    if (!this.done) return;
    this.done = false;
    this.looking = undefined;
    void this.ready();
  }

  /** Patiently: until a stream is there its outbox keeps the events. */
  private async keep(wanted: WantedStream): Promise<void> {
    const { manager, replicas, stopped } = this.parts;
    while (!stopped.aborted) {
      try {
        await ensureStream(manager, wanted, replicas);
        this.problem = undefined;
        return;
      } catch (error) {
        this.complain(wanted, error);
      }
      await sleep(1000, undefined, { signal: stopped, ref: false }).catch(() => undefined);
    }
  }

  private complain({ name }: WantedStream, error: unknown): void {
    const problem = `stream ${name}: ${error instanceof Error ? error.message : String(error)}`;
    if (problem !== this.problem && !this.parts.stopped.aborted) {
      this.parts.logger?.warn({ stream: name, problem }, 'a stream is not there yet');
    }
    this.problem = problem;
  }
}
