import { sendJson, type HttpAnswer } from '../answer/answer.js';

/** Asks a store or the bus whether it is there; a rejection or `false` is no. */
export type HealthCheck = () => boolean | Promise<boolean>;

interface Wait {
  readonly what: string;
  isDone(): boolean;
}

const checkDeadlineMs = 1000;

const withinDeadline = async (check: HealthCheck): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), checkDeadlineMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Whether a process takes requests. Ready once everything waited for has happened, and until draining begins. Stores
 * and bus are only told of: if readiness followed them, one lost store would take every replica out at once.
 */
export class Health {
  private waits: Wait[] = [];
  private readonly checks = new Map<string, HealthCheck>();
  private started = false;
  private draining = false;

  /** Adds something that must happen once. */
  waitFor(what: string, isDone: () => boolean): void {
    this.waits.push({ what, isDone });
  }

  /** Adds a store or a bus whose state is told. */
  check(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** All services stand; from now on only what is waited for is missing. */
  markStarted(): void {
    this.started = true;
  }

  /** For good: a process that drains does not come back. */
  beginDraining(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  get isReady(): boolean {
    this.waits = this.waits.filter(({ isDone }) => !isDone());
    return this.started && !this.draining && this.waits.length === 0;
  }

  /** State of every store and bus, each asked with a deadline of a second. */
  async states(): Promise<Record<string, 'up' | 'down'>> {
    const entries = [...this.checks].map(async ([name, check]) => [
      name,
      (await withinDeadline(check)) ? 'up' : 'down',
    ]);
    return Object.fromEntries(await Promise.all(entries)) as Record<string, 'up' | 'down'>;
  }

  private get status(): 'ready' | 'starting' | 'draining' {
    if (this.draining) return 'draining';
    return this.isReady ? 'ready' : 'starting';
  }

  /** Answer of `/health/live`: the process runs and its event loop turns. */
  live(): HttpAnswer {
    return sendJson({ status: 'live' });
  }

  /** Answer of `/health/ready`. */
  async ready(): Promise<HttpAnswer> {
    const states = await this.states();
    const { status } = this;
    const waiting_for = this.waits.map(({ what }) => what);
    const body = { status, ...(status === 'starting' && { waiting_for }), checks: states };
    return sendJson(body, { status: status === 'ready' ? 200 : 503 });
  }
}
