import { endGrants, endSession, type Bus } from '@corsac/contracts';
import type { Logger } from '@corsac/telemetry';
import type { EndingCause, UserPlace } from './user-store.js';

/** Sessions or grants of a user that are to end, as noted with the change that ends them. */
export interface Ending extends UserPlace {
  readonly id: string;
  readonly user_id: string;
  readonly cause: EndingCause;
  readonly sessions: boolean;
  readonly grants: boolean;
  readonly attempts: number;
  /** What began with it or later stays; null: all ends. */
  readonly epoch: number | null;
}

/** Endings that are noted and not yet carried out. */
export interface EndingStore {
  /** Due ones, at most `limit`; they belong to the claimer for `lease_s` seconds. */
  claim(limit: number, lease_s: number): Promise<Ending[]>;
  done(id: string): Promise<void>;
}

const batch = 20;
/** Whoever dies while ending leaves the rest to others after this long; what fails is tried again as late. Seconds. */
const leaseSeconds = 15;

/**
 * Carries out, by the services that own them, what the users' table has promised: a changed password or a disabled user
 * ends sessions and grants. Questions may be repeated: ending what has ended changes nothing.
 */
export class EndWhatUsersHad {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: {
      readonly store: EndingStore;
      readonly bus: Bus;
      readonly logger: Logger;
      readonly everyMs: number;
    },
  ) {}

  start(): void {
    const next = (): void => {
      this.timer = setTimeout(() => void this.endNow().finally(() => this.timer && next()), this.parts.everyMs);
      this.timer.unref();
    };
    next();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /** One round now; rounds follow one another. Never rejects: what could not be ended stays noted. */
  endNow(): Promise<void> {
    this.running = this.running.then(() =>
      this.round().catch((error: unknown) => this.parts.logger.warn({ err: error }, 'endings could not be read')),
    );
    return this.running;
  }

  private async round(): Promise<void> {
    const endings = await this.parts.store.claim(batch, leaseSeconds);
    await Promise.all(
      endings.map(async (ending) => {
        if (await this.carryOut(ending)) await this.parts.store.done(ending.id);
        else this.parts.logger.warn({ ...ending }, 'what a user had could not be ended yet');
      }),
    );
  }

  /** However late: what was begun since has a later epoch. */
  private async carryOut({ tenant, track, user_id, cause, sessions, grants, epoch }: Ending): Promise<boolean> {
    const place = { tenant, track };
    const user = { user_id, ...(epoch !== null && { before_epoch: epoch }) };
    const [session, grant] = await Promise.all([
      sessions && this.parts.bus.ask(endSession, { ...place, by: { kind: 'sub', sub: user_id, user }, cause }),
      grants && this.parts.bus.ask(endGrants, { ...place, user }),
    ]);
    return (session === false || session.ok) && (grant === false || grant.ok);
  }
}
