import { trackLinkAnswered, trackLinkRequested, type Bus } from '@corsac/contracts';
import { randomName } from '@corsac/random';

/** What a hop came to, as its answer says; `late` when nobody answered within the deadline. */
export type HopState = 'opened' | 'answered' | 'refused' | 'late';

export interface HopRequest {
  readonly tenant: string;
  readonly sequence_id: string;
  readonly hop_id: string;
  readonly from: { track: string; party: string };
  readonly to: { track: string; party: string };
}

/** A replica waits this long for a hop that it published; milliseconds. */
const deadlineMs = 2_000;

/**
 * Sends hops and waits for their answers. Every replica of the service has one, known by `replicaId`: the answer comes to
 * the replica that holds the browser's request. What counts stands in the sequence; the events only say that it is time
 * to look.
 */
export class Hops {
  private readonly waiting = new Map<string, (state: HopState) => void>();

  constructor(
    private readonly bus: Bus,
    private readonly replicaId: string = randomName(12),
    private readonly waitMs: number = deadlineMs,
  ) {}

  /** Publishes the hop and resolves with what became of it. The sequence must be written before. */
  async request(hop: HopRequest): Promise<HopState> {
    const answered = new Promise<HopState>((resolve) => {
      const timer = setTimeout(() => this.settle(hop.hop_id, 'late'), this.waitMs);
      this.waiting.set(hop.hop_id, (state) => {
        clearTimeout(timer);
        resolve(state);
      });
    });
    await this.bus.publish(trackLinkRequested, { ...hop, reply_to: this.replicaId });
    return answered;
  }

  /** An answer arrived on the bus. Answers for other replicas, forged and late ones find nobody waiting. */
  answered(answer: { reply_to: string; hop_id: string; state: Exclude<HopState, 'late'> }): void {
    if (answer.reply_to === this.replicaId) this.settle(answer.hop_id, answer.state);
  }

  /** Tells the replica that waits (`reply_to`) how the hop stands. */
  async tell(
    hop: Pick<HopRequest, 'tenant' | 'sequence_id' | 'hop_id'>,
    replyTo: string,
    state: Exclude<HopState, 'late'>,
  ): Promise<void> {
    const { tenant, sequence_id, hop_id } = hop;
    await this.bus.publish(trackLinkAnswered, { tenant, sequence_id, hop_id, reply_to: replyTo, state });
  }

  private settle(hopId: string, state: HopState): void {
    this.waiting.get(hopId)?.(state);
    this.waiting.delete(hopId);
  }
}
