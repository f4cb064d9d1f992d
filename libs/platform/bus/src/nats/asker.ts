import { createInbox, nuid, type Msg } from '@nats-io/transport-node';
import { inboxPrefix, maxQuestionsPerMessage, type MessageContext, type Unavailable } from '@corsac/contracts';
import { ok, type Outcome } from '@corsac/outcome';
import type { AnyQuestion } from '../carrier.js';
import { unavailable } from '../message/unavailable.js';
import type { Link } from './link.js';
import { headersOf, readAnswers, writeShared, type Outgoing } from './wire.js';

type Answered = Outcome<unknown, Unavailable>;

/** One message with one or more questions, until all of them are settled. */
interface Sent {
  readonly token: string;
  readonly pending: readonly Pending[];
  open: number;
}

interface Pending extends Outgoing {
  readonly question: AnyQuestion;
  readonly settle: (answer: Answered) => void;
  settled: boolean;
  readonly sent: Sent[];
}

/** Characters of questions that may share a message; a longer one goes alone. */
const sharedLength = 128 * 1024;

/** Asks over one connection: one inbox for all answers, a deadline each, questions of one turn in one message. */
export class Asker {
  private readonly inbox: string;
  private readonly sent = new Map<string, Sent>();
  private turn = new Map<AnyQuestion, Pending[]>();
  private stopped = false;
  private count = 0;

  constructor(
    private readonly link: Link,
    private readonly shareMessages: boolean,
  ) {
    this.inbox = `${createInbox(inboxPrefix(link.user))}.`;
    link.nats.subscribe(`${this.inbox}*`, { callback: (error, message) => void (error ?? this.received(message)) });
  }

  get waiting(): number {
    return this.count;
  }

  /** @param left_ms milliseconds that are left of the question's deadline */
  async ask(question: AnyQuestion, body: string, context: MessageContext, left_ms: number): Promise<Answered> {
    if (this.stopped) return unavailable('the bus is stopped');
    if (this.link.connected) return this.answerTo(question, { body, context }, left_ms);
    const began = performance.now();
    if (!(await this.link.whenConnected(left_ms))) return unavailable('NATS is away');
    return this.answerTo(question, { body, context }, left_ms - (performance.now() - began));
  }

  /** Whatever is still asked gets no answer. */
  stop(): void {
    this.stopped = true;
    for (const { pending } of [...this.sent.values()])
      for (const one of pending) one.settle(unavailable('the bus is stopped'));
  }

  private answerTo(question: AnyQuestion, outgoing: Outgoing, left_ms: number): Promise<Answered> {
    this.count += 1;
    return new Promise((resolve) => {
      // Half the time for the first, half for another replica: the first may have died with the question.
      const again = question.safe_to_retry ? setTimeout(() => this.send([pending]), left_ms / 2) : undefined;
      const late = setTimeout(
        () => pending.settle(unavailable(`no answer within ${question.deadline_ms} ms`)),
        left_ms,
      );
      const settle = (answer: Answered): void => {
        if (pending.settled) return;
        pending.settled = true;
        clearTimeout(again);
        clearTimeout(late);
        this.count -= 1;
        for (const sent of pending.sent) if ((sent.open -= 1) === 0) this.sent.delete(sent.token);
        resolve(answer);
      };
      const pending: Pending = { ...outgoing, question, settle, settled: false, sent: [] };
      this.enqueue(pending);
    });
  }

  private enqueue(pending: Pending): void {
    if (!this.shareMessages || pending.body.length > sharedLength) return this.send([pending]);
    const waiting = this.turn.get(pending.question);
    if (waiting) return void waiting.push(pending);
    if (this.turn.size === 0) setImmediate(() => this.sendTurn());
    this.turn.set(pending.question, [pending]);
  }

  private sendTurn(): void {
    const turn = this.turn;
    this.turn = new Map();
    for (const pending of turn.values()) {
      let [batch, length]: [Pending[], number] = [[], 0];
      for (const one of pending) {
        if (batch.length === maxQuestionsPerMessage || length + one.body.length > sharedLength) {
          this.send(batch);
          [batch, length] = [[], 0];
        }
        batch.push(one);
        length += one.body.length;
      }
      this.send(batch);
    }
  }

  private send(batch: readonly Pending[]): void {
    const [first] = batch;
    if (!first) return;
    const sent: Sent = { token: nuid.next(), pending: batch, open: batch.length };
    this.sent.set(sent.token, sent);
    for (const one of batch) one.sent.push(sent);
    const reply = this.inbox + sent.token;
    try {
      if (batch.length > 1) this.link.nats.publish(first.question.subject, writeShared(batch), { reply });
      else this.link.nats.publish(first.question.subject, first.body, { reply, headers: headersOf(first.context) });
    } catch (error) {
      const why = error instanceof Error ? error.message : 'the message was not taken';
      for (const one of batch) one.settle(unavailable(why));
    }
  }

  private received(message: Msg): void {
    const sent = this.sent.get(message.subject.slice(this.inbox.length));
    if (!sent) return;
    if (message.data.length === 0 && message.headers?.code === 503) return nobodyThere(sent);
    let answer: unknown;
    try {
      answer = message.json();
    } catch {
      answer = undefined;
    }
    if (Array.isArray(answer)) readAnswers(answer, (index, one) => sent.pending[index]?.settle(ok(one)));
    else sent.pending[0]?.settle(ok(answer));
  }
}

/** When it was asked twice, the first may still be worked on. */
const nobodyThere = ({ pending }: Sent): void => {
  for (const one of pending) {
    if (one.sent.length === 1) one.settle(unavailable(`nobody answers ${one.question.subject}`));
  }
};
