import type { INestMicroservice } from '@nestjs/common';
import type { Bus, DeadLetter, ServiceName } from '@corsac/contracts';
import type { BusOptions, ServiceBus } from '@corsac/bus';
import { startReplica, type Behaviour } from './replica.js';

/** A bus as the suite needs it, fresh for every test. */
export interface BusUnderTest {
  /** The bus of one more process; a bus that lives in one process gives the same again. */
  process(options: BusOptions): Promise<ServiceBus>;
  close(): Promise<void>;
}

export type BusFactory = () => Promise<BusUnderTest>;

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One test's processes, replicas and what they logged. */
export class World {
  readonly lines: LogLine[] = [];
  readonly letters: DeadLetter[] = [];
  private readonly apps: INestMicroservice[] = [];
  private readonly buses = new Set<ServiceBus>();

  constructor(private readonly under: BusUnderTest) {}

  async process(options: BusOptions = {}): Promise<ServiceBus> {
    const write = (level: LogLine['level']) => (fields: object, message: string) =>
      void this.lines.push({ level, message, fields: { ...fields } });
    const bus = await this.under.process({
      logger: { info: write('info'), warn: write('warn'), error: write('error') },
      onDeadLetter: (letter) => void this.letters.push(letter),
      ...options,
    });
    this.buses.add(bus);
    return bus;
  }

  /** A replica in a process of its own. */
  async replica(service: ServiceName, does: Behaviour = {}): Promise<INestMicroservice> {
    const app = await startReplica(await this.process(), service, does);
    this.apps.push(app);
    return app;
  }

  /** Several replicas of one service, started one after the other. */
  async replicas(service: ServiceName, all: readonly Behaviour[]): Promise<INestMicroservice[]> {
    const apps: INestMicroservice[] = [];
    for (const does of all) apps.push(await this.replica(service, does));
    return apps;
  }

  /** The voice of a service in a process of its own. */
  async voice(service: ServiceName): Promise<Bus> {
    return (await this.process()).busFor(service);
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    for (const bus of this.buses) await bus.drain();
    await this.under.close();
  }
}

/** Waits until something has become true, looking often; says what it waited for when it gives up. */
export async function until(what: string, isTrue: () => boolean, limit_ms = 5000): Promise<void> {
  const end = performance.now() + limit_ms;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`waited ${limit_ms} ms in vain for: ${what}`);
    await pause(5);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
