import type { MessageContext, Unavailable } from '@corsac/contracts';
import type { Outcome } from '@corsac/outcome';
import type { AnyDurableEvent, AnyEvent, AnyQuestion, Carrier, DurableMessage } from '../carrier.js';
import { unavailable } from '../message/unavailable.js';
import type { BusOptions } from '../service-bus.js';
import { withinTime } from '../within-time.js';
import type { Asker } from './asker.js';
import type { JetStream } from './listening.js';
import type { Link } from './link.js';
import type { OwnStreams } from './own-streams.js';
import { headersOf } from './wire.js';

/** One service's connection and what is made of it. */
export interface Post {
  readonly link: Link;
  readonly asker: Asker;
  readonly jetstream: JetStream;
  readonly ownStreams: OwnStreams;
}

/** Milliseconds until JetStream must have taken a message. */
const takenWithinMs = 3000;

/** Carries one service's messages over its connection, which is opened when the first is sent. */
export class PostCarrier implements Carrier {
  private post: Post | undefined;

  constructor(
    private readonly open: () => Promise<Post>,
    private readonly options: BusOptions,
  ) {}

  async ask(question: AnyQuestion, body: string, context: MessageContext): Promise<Outcome<unknown, Unavailable>> {
    // Timers of one length are cheap, so that the deadline is passed on as it is whenever nothing was waited for.
    if (this.post) return this.post.asker.ask(question, body, context, question.deadline_ms);
    const began = performance.now();
    try {
      const post = await withinTime(this.opened(), question.deadline_ms, undefined);
      if (!post) return unavailable('NATS is away');
      return await post.asker.ask(question, body, context, question.deadline_ms - (performance.now() - began));
    } catch (error) {
      return unavailable(error instanceof Error ? error.message : 'NATS is away');
    }
  }

  async publish(event: AnyEvent, body: string, context: MessageContext): Promise<void> {
    try {
      const { link } = await this.opened();
      link.nats.publish(event.subject, body, { headers: headersOf(context) });
    } catch (error) {
      this.options.logger?.warn({ ...context, subject: event.subject, error }, 'an event was not sent');
    }
  }

  async publishDurable(event: AnyDurableEvent, { body, id, context }: DurableMessage): Promise<void> {
    const { link, jetstream, ownStreams } = await this.opened();
    if (!link.connected) throw new Error('NATS is away');
    await withinTime(ownStreams.ready(), takenWithinMs, undefined);
    try {
      await jetstream.client.publish(event.subject, body, {
        msgID: id,
        timeout: takenWithinMs,
        headers: headersOf(context),
      });
    } catch (error) {
      ownStreams.lookAgain();
      throw error;
    }
  }

  private async opened(): Promise<Post> {
    return (this.post ??= await this.open());
  }
}
