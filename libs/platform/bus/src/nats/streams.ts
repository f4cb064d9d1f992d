import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { consumerOf, deadLettered, storedSubject, streamOf, type Contracts, type ServiceName } from '@corsac/contracts';
import type { AnyDurableEvent } from '../carrier.js';
import { duplicateWindowMs } from '../durable/recent-ids.js';

const dayMs = 86_400_000;

/** A stream as it must at least be: what it collects. The rest is made once and then the administrator's. */
export interface WantedStream {
  readonly name: string;
  readonly owner: ServiceName;
  readonly subjects: readonly string[];
}

/** The streams of all owners, and that of dead letters. */
export function wantedStreams({ durableEvents }: Pick<Contracts, 'durableEvents'>): WantedStream[] {
  const streams = new Map<string, WantedStream>();
  for (const event of [...durableEvents, deadLettered]) {
    const name = streamOf(event);
    const subjects = [...(streams.get(name)?.subjects ?? []), storedSubject(event)];
    streams.set(name, { name, owner: event.owner, subjects: subjects.sort() });
  }
  return [...streams.values()];
}

const streamConfig = (
  { name, subjects }: WantedStream,
  replicas: number,
): Partial<StreamConfig> & { name: string } => ({
  name,
  subjects: [...subjects],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  num_replicas: replicas,
  // Far longer than any event is tried; the owner's table is the memory, the stream only carries.
  max_age: nanos(7 * dayMs),
  max_bytes: 1024 * 1024 * 1024,
  duplicate_window: nanos(duplicateWindowMs),
});

export const consumerConfig = (event: AnyDurableEvent, service: ServiceName) =>
  ({
    durable_name: consumerOf(event, service),
    filter_subject: storedSubject(event),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(event.ack_wait_ms),
    deliver_policy: DeliverPolicy.All,
    // The handler's side counts and puts aside: the server would only fall silent.
    max_deliver: -1,
    // Messages that wait for their next delivery count too; those that fail must not stop those that would not.
    max_ack_pending: 20_000,
  }) satisfies Partial<ConsumerConfig>;

const isMissing = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamNotFound || error.code === JetStreamApiCodes.ConsumerNotFound);

const orMissing = async <T>(found: Promise<T>): Promise<T | undefined> => {
  try {
    return await found;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const sameSubjects = (one: readonly string[] | undefined, other: readonly string[]): boolean =>
  [...(one ?? [])].sort().join() === [...other].sort().join();

/** Makes the stream, or lets an older one collect what it must now. Doing it twice changes nothing. */
export async function ensureStream(manager: JetStreamManager, wanted: WantedStream, replicas: number): Promise<void> {
  const there = await orMissing(manager.streams.info(wanted.name));
  if (!there) await manager.streams.add(streamConfig(wanted, replicas));
  else if (!sameSubjects(there.config.subjects, wanted.subjects)) {
    await manager.streams.update(wanted.name, { ...there.config, subjects: [...wanted.subjects] });
  }
}

/** Makes the durable consumer of a service for an event, or finds it made. */
export async function ensureConsumer(
  manager: JetStreamManager,
  event: AnyDurableEvent,
  service: ServiceName,
): Promise<ConsumerInfo> {
  const wanted = consumerConfig(event, service);
  const there = await orMissing(manager.consumers.info(streamOf(event), wanted.durable_name));
  if (there?.config.ack_wait === wanted.ack_wait && there.config.filter_subject === wanted.filter_subject) return there;
  const made = manager.consumers.add(streamOf(event), wanted);
  // A consumer with the waiting time of another version is better than none, where only setup may change it.
  return there ? made.catch(() => there) : made;
}
