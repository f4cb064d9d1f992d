import type { ConfigCache } from '@corsac/config-cache';
import type { Sealer } from '@corsac/data';
import type { Logger } from '@corsac/telemetry';
import type { Mail, MailOutbox, WrittenMail } from './mail-outbox.js';
import { sendBySmtp } from './send-by-smtp.js';
import type { UserPlace } from '../users/user-store.js';

export interface DeliverMailsParts {
  readonly outbox: MailOutbox;
  readonly config: ConfigCache;
  readonly sealer: Sealer;
  readonly logger: Logger;
  readonly now: () => number;
  readonly everyMs: number;
}

const batch = 20;
/** A mail that was not taken is tried again after this long, so many times. Seconds. */
const leaseSeconds = 60;
const mostAttempts = 10;
/** Mails are kept for a week to be looked at; their links and codes are long dead then. Seconds. */
const keepSeconds = 7 * 86_400;
const roundsBetweenPrunes = 200;

/**
 * Brings written mails to the track's mail server. A track without one keeps them in the outbox, which Control shows
 * where everything runs in one process.
 */
export class DeliverMails {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private rounds = 0;

  constructor(private readonly parts: DeliverMailsParts) {}

  start(): void {
    const next = (): void => {
      this.timer = setTimeout(() => void this.nudge().finally(() => this.timer && next()), this.parts.everyMs);
      this.timer.unref();
    };
    next();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /**
   * Writes a mail down without being waited for: whether a mail goes out must not be told by the time an answer takes.
   * A mail that is lost here is asked for again by its reader.
   */
  send(place: UserPlace, mail: Mail): void {
    void this.parts.outbox
      .write(place, mail, this.parts.now())
      .then(() => this.nudge())
      .catch((error: unknown) => this.parts.logger.warn({ err: error, ...place }, 'a mail could not be written down'));
  }

  /** One round now; rounds follow one another. */
  private nudge(): Promise<void> {
    this.running = this.running.then(() =>
      this.round().catch((error: unknown) => this.parts.logger.warn({ err: error }, 'mails could not be read')),
    );
    return this.running;
  }

  private async round(): Promise<void> {
    const { outbox, now } = this.parts;
    const mails = await outbox.claim(batch, leaseSeconds);
    await Promise.all(mails.map((mail) => this.deliver(mail)));
    this.rounds += 1;
    if (this.rounds % roundsBetweenPrunes === 0) await outbox.prune(now() - keepSeconds);
  }

  private async deliver(mail: WrittenMail): Promise<void> {
    const { outbox, config, sealer, logger } = this.parts;
    const { tenant, track, id } = mail;
    const read = await config.track(tenant, track);
    if (!read.ok && read.error === 'unavailable') return;
    const settings = read.ok ? read.value.settings.mail : undefined;
    if (!settings) return outbox.settle(id, 'kept', 'the track has no mail server');
    const sent = await sendBySmtp(sealer, { place: { tenant, track }, settings, mail });
    if (sent.ok) return outbox.settle(id, 'sent');
    logger.warn({ tenant, track, reason: sent.error, attempts: mail.attempts }, 'a mail was not taken');
    return outbox.settle(id, mail.attempts >= mostAttempts ? 'failed' : 'waiting', sent.error);
  }
}
