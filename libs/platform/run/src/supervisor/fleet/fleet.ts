import { serviceNames, type ServiceName } from '@corsac/contracts';
import type { RoutedService } from '@corsac/model';
import type { Target } from '../router/target.js';
import { Replica, type ReplicaOptions } from './replica.js';

export interface FleetOptions {
  /** Processes of each service. */
  readonly replicas: number;
  readonly optionsOf: (service: ServiceName) => ReplicaOptions;
}

/** Services in the order in which they are started: configuration is what the others wait for. */
const order: readonly ServiceName[] = ['config', ...serviceNames.filter((name) => name !== 'config')];

/** All processes of an installation on this machine. */
export class Fleet {
  private replicas: Replica[];
  /** On its way to take an old one's place. */
  private fresh: Replica | undefined;
  private readonly endNow = (): void =>
    [...this.replicas, ...(this.fresh ? [this.fresh] : [])].forEach((replica) => replica.endNow());

  constructor(private readonly options: FleetOptions) {
    this.replicas = order.flatMap((service) =>
      Array.from({ length: options.replicas }, () => new Replica(options.optionsOf(service))),
    );
    process.once('exit', this.endNow);
  }

  /** Replicas of a service that take requests just now. */
  targetsOf(service: RoutedService): readonly Target[] {
    return this.replicas.flatMap((replica) => (replica.service === service && replica.ready ? [replica.ready] : []));
  }

  /** Pids by service, those that run. */
  pids(): Record<string, number[]> {
    const pids: Record<string, number[]> = {};
    for (const { service, pid } of this.replicas) if (pid !== undefined) (pids[service] ??= []).push(pid);
    return pids;
  }

  async untilReady(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.untilReady()));
  }

  /** Puts a new process in the place of each, one after the other: the old one stops when the new one is ready. */
  async roll(services: readonly ServiceName[] = order): Promise<void> {
    for (const old of this.replicas.filter(({ service }) => services.includes(service))) {
      const fresh = (this.fresh = new Replica(this.options.optionsOf(old.service)));
      try {
        await fresh.untilReady();
      } catch (error) {
        // The old one stays: it works.
        await fresh.stop();
        this.fresh = undefined;
        throw error;
      }
      this.fresh = undefined;
      this.replicas = this.replicas.map((replica) => (replica === old ? fresh : replica));
      await old.stop();
    }
  }

  /** Those that face browsers and applications first; configuration, which all use, last. */
  async stop(): Promise<void> {
    const [config, others] = [
      this.replicas.filter(({ service }) => service === 'config'),
      this.replicas.filter(({ service }) => service !== 'config'),
    ];
    await Promise.all(others.map((replica) => replica.stop()));
    await Promise.all(config.map((replica) => replica.stop()));
    process.off('exit', this.endNow);
  }
}
