import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageContext, Unavailable } from '@corsac/contracts';
import type { Outcome } from '@corsac/outcome';
import type { AnyDurableEvent, AnyEvent, AnyQuestion, Carrier } from '../carrier.js';
import { unavailable } from '../message/unavailable.js';
import type { BusOptions } from '../service-bus.js';
import type { Asker } from './asker.js';
import type { JetStream } from './listening.js';
import type { Link } from './link.js';
import { headersOf } from './wire.js';

/** One service's connection and what is made of it. */
export interface Post {
  readonly link: Link;
  readonly asker: Asker;
  readonly jetstream: JetStream;
  /** Resolves when the service's own streams are there. */
  readonly streamsReady: Promise<unknown>;
}

/** Milliseconds until JetStream must have taken a message. */
const takenWithinMs = 3000;

/** Carries one service's messages over its connection, which is opened when the first is sent. */
export class PostCarrier implements Carrier {
  constructor(
    private readonly open: () => Promise<Post>,
    private readonly options: BusOptions,
  ) {}

  async ask(question: AnyQuestion, body: string, context: MessageContext): Promise<Outcome<unknown, Unavailable>> {
    let post: Post;
    try {
      post = await this.open();
    } catch (error) {
      return unavailable(error instanceof Error ? error.message : 'NATS is away');
    }
    return post.asker.ask(question, body, context);
  }

  async publish(event: AnyEvent, body: string, context: MessageContext): Promise<void> {
    try {
      const { link } = await this.open();
      link.nats.publish(event.subject, body, { headers: headersOf(context) });
    } catch (error) {
      this.options.logger?.warn({ ...context, subject: event.subject, error }, 'an event was not sent');
    }
  }

  async publishDurable(event: AnyDurableEvent, body: string, id: string): Promise<void> {
    const { link, jetstream, streamsReady } = await this.open();
    if (!link.connected) throw new Error('NATS is away');
    await Promise.race([streamsReady, sleep(takenWithinMs, undefined, { ref: false })]);
    await jetstream.client.publish(event.subject, body, { msgID: id, timeout: takenWithinMs });
  }
}
