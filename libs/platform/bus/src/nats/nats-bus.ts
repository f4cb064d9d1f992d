import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { durableEvents, events, questions, type Bus, type Contracts, type ServiceName } from '@corsac/contracts';
import type { BusHealth, ServiceBus } from '../service-bus.js';
import { Voice } from '../speak.js';
import { withinTime } from '../within-time.js';
import { Asker } from './asker.js';
import type { JetStream } from './listening.js';
import { openLink, type Link } from './link.js';
import type { NatsBusOptions } from './options.js';
import { OwnStreams } from './own-streams.js';
import { PostCarrier, type Post } from './post.js';
import { NatsStrategy, type NatsReplica } from './strategy.js';
import { wantedStreams } from './streams.js';

const ownContracts: Contracts = { questions, events, durableEvents };

class NatsBus implements ServiceBus {
  private readonly posts = new Map<ServiceName, Promise<Post>>();
  /** Those of `posts` that are there. */
  private readonly opened = new Set<Post>();
  private readonly replicas = new Set<NatsReplica>();
  private readonly stopped = new AbortController();

  constructor(private readonly options: NatsBusOptions) {}

  strategyFor(service: ServiceName): CustomTransportStrategy {
    return new NatsStrategy({
      service,
      options: this.options,
      drain_limit_ms: this.drainLimit,
      open: async () => {
        const { link, jetstream: stream } = await this.postOf(service);
        return { nats: link.nats, jetstream: stream };
      },
      entered: (replica) => void this.replicas.add(replica),
      left: (replica) => void this.replicas.delete(replica),
    });
  }

  busFor(service: ServiceName): Bus {
    return new Voice(service, new PostCarrier(() => this.postOf(service), this.options), this.options);
  }

  async drain(): Promise<void> {
    await Promise.all([...this.replicas].map((replica) => replica.close()));
    this.stopped.abort();
    const open = [...this.opened];
    for (const { asker } of open) asker.stop();
    await Promise.all(open.map(({ link }) => close(link)));
  }

  health(): BusHealth {
    const posts = [...this.opened];
    const away = posts.length === 0 || posts.some(({ link }) => !link.connected);
    const replicas = [...this.replicas];
    const parts = [...posts.map(({ ownStreams }) => ownStreams), ...replicas.flatMap(({ listening }) => listening)];
    const problems = [...(away ? ['NATS is away'] : []), ...parts.flatMap(({ problem }) => problem ?? [])];
    const stopped = this.stopped.signal.aborted;
    return {
      // Durable events wait, in the outbox or the stream; sign-in goes on without them.
      ready: !away && !stopped,
      detail: stopped ? 'stopped' : problems.join('; ') || 'ok',
      in_flight: replicas.reduce(
        (sum, { inFlight, answersInFlight }) => sum + inFlight.count + answersInFlight.count,
        posts.reduce((sum, { asker }) => sum + asker.waiting, 0),
      ),
    };
  }

  private get drainLimit(): number {
    return this.options.drain_limit_ms ?? 5000;
  }

  /** One connection per service and process; a failed start may be tried again. */
  private postOf(service: ServiceName): Promise<Post> {
    if (this.stopped.signal.aborted) return Promise.reject(new Error('the bus is stopped'));
    const there = this.posts.get(service) ?? this.openPost(service);
    this.posts.set(service, there);
    there.catch(() => this.posts.delete(service));
    return there;
  }

  private async openPost(service: ServiceName): Promise<Post> {
    const { logger } = this.options;
    const link = await openLink(this.options, service, this.stopped.signal);
    link.onDenied = (operation, subject) => {
      logger?.error({ service, operation, subject }, 'NATS does not let this service do this');
    };
    const stream: JetStream = {
      client: jetstream(link.nats, { timeout: 3000 }),
      manager: await jetstreamManager(link.nats, { checkAPI: false, timeout: 3000 }),
    };
    const ownStreams = new OwnStreams({
      manager: stream.manager,
      wanted: wantedStreams(this.options.contracts ?? ownContracts).filter(({ owner }) => owner === service),
      replicas: this.options.stream_replicas ?? 1,
      logger,
      stopped: this.stopped.signal,
    });
    link.onReconnect = () => ownStreams.lookAgain();
    void ownStreams.ready();
    const post = { link, asker: new Asker(link, this.options.share_messages ?? true), jetstream: stream, ownStreams };
    this.opened.add(post);
    return post;
  }
}

/** Lets what is written go out, which NATS may be too far away for. */
async function close({ nats }: Link): Promise<void> {
  const drained = nats.drain().catch(() => undefined);
  await withinTime(drained, 1000, undefined);
  await nats.close();
}

/**
 * The bus between processes, over NATS and JetStream. Rejects nothing while NATS is away after the start: questions are
 * `unavailable`, events that may be lost wait for the connection, `publishDurable` rejects until JetStream has taken
 * the message, and listeners go on by themselves when NATS is back.
 */
export const natsBus = (options: NatsBusOptions): ServiceBus => new NatsBus(options);
