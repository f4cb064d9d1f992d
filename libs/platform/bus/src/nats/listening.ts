import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerMessages, JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { consumerOf, streamOf } from '@corsac/contracts';
import type { DurableHandler } from '../message/handlers.js';
import type { BusOptions } from '../service-bus.js';
import { takeDelivery } from './delivery.js';
import { Slots } from './slots.js';
import { ensureConsumer } from './streams.js';

/** JetStream as one service may use it. */
export interface JetStream {
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** Handlers of one event at work in one replica, at most. */
const atATime = 16;

/** Signs that the consumer may be gone or another one: look again from the start. */
const trouble = new Set([
  'heartbeats_missed',
  'no_responders',
  'consumer_deleted',
  'consumer_not_found',
  'stream_not_found',
]);

/**
 * One replica's ear for one durable event. Whatever happens to the stream, the consumer or the server, it goes on as
 * soon as they are there; until then `problem` says what is missing.
 */
export class Listening {
  problem: string | undefined = 'starting';
  private readonly stopping = new AbortController();
  private messages: ConsumerMessages | undefined;
  private readonly running: Promise<void>;
  private readonly slots = new Slots(atATime);

  constructor(
    private readonly jetstream: JetStream,
    private readonly handler: DurableHandler,
    private readonly options: BusOptions,
  ) {
    this.running = this.run();
  }

  /** Takes no new message. Handlers at work are waited for by whoever counts them. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.messages?.stop();
    await this.running;
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.listen();
      } catch (error) {
        this.complain(error);
        await sleep(500, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  private async listen(): Promise<void> {
    const { client, manager } = this.jetstream;
    const info = await ensureConsumer(manager, this.handler.contract, this.handler.service);
    this.problem = undefined;
    if (this.stopped) return;
    const messages = await client.consumers.getConsumerFromInfo(info).consume({
      max_messages: 8,
      // A lost server is noticed after two missed beats of a second.
      expires: 4000,
      idle_heartbeat: 1000,
      bind: true,
      abort_on_missing_resource: true,
    });
    this.messages = messages;
    if (this.stopped) messages.stop();
    void this.watch(messages);
    for await (const message of messages) {
      // What came too late goes to another replica at once.
      if (this.stopped) message.nak();
      else await this.take(message);
    }
  }

  private async take(message: Parameters<typeof takeDelivery>[2]): Promise<void> {
    await this.slots.take();
    if (this.stopped) {
      this.slots.give();
      return message.nak();
    }
    const work = takeDelivery(this.jetstream.client, this.handler, message, this.options);
    void this.handler.inFlight.track(work.finally(() => this.slots.give()));
  }

  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const { type } of messages.status()) {
      if (trouble.has(type)) messages.stop();
    }
  }

  /** Once per problem: a stream that its owner has not made yet is no news every half second. */
  private complain(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const place = `${streamOf(this.handler.contract)} ${consumerOf(this.handler.contract, this.handler.service)}`;
    const problem = `${place}: ${why}`;
    if (problem === this.problem || this.stopped) return;
    this.problem = problem;
    this.options.logger?.warn(
      { subject: this.handler.contract.subject, problem },
      'a durable event cannot be heard yet',
    );
  }
}
