import { renewFingerprints, type Bus, type RenewedFingerprint } from '@corsac/contracts';
import type { StoredSecret } from '@corsac/model';

/** Whose secret it is. */
export interface SecretOwner {
  readonly view: { readonly tenant: string; readonly track: string };
  readonly client: { readonly name: string };
}

const perMessage = 100;
/** What does not fit is told by the next replica that starts. */
const mostWaiting = 10_000;

/**
 * Secrets that were right and are kept under an older master key's fingerprint, or none, on their way to who keeps them. Each
 * is noted once a replica, beside the one slow hash; a look every second sends what waits, and again when nobody was there.
 */
export class FingerprintRenewals {
  private readonly waiting = new Map<string, RenewedFingerprint>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly bus: Pick<Bus, 'ask'>) {}

  note(owner: SecretOwner, { id, fingerprint: before }: StoredSecret, fingerprint: string): void {
    if (this.waiting.size >= mostWaiting) return;
    const { tenant, track } = owner.view;
    const renewed = { tenant, track, party: owner.client.name, secret: id, fingerprint };
    this.waiting.set(
      `${tenant}/${track}/${renewed.party}/${id}`,
      before === undefined ? renewed : { ...renewed, before },
    );
  }

  /** @param everyMs milliseconds between two looks */
  start(everyMs = 1_000): void {
    this.timer = setTimeout(() => {
      this.running = this.send().finally(() => !this.stopped && this.start(everyMs));
    }, everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async send(): Promise<void> {
    while (this.waiting.size > 0) {
      const batch = [...this.waiting].slice(0, perMessage);
      const answer = await this.bus.ask(renewFingerprints, { secrets: batch.map(([, renewed]) => renewed) });
      if (!answer.ok) return;
      for (const [key] of batch) this.waiting.delete(key);
    }
  }
}
