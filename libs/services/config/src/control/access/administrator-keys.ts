import { readTrackKeys, type Bus, type MessageContext } from '@corsac/contracts';
import { parseJwks, type VerificationKey } from '@corsac/jwt';
import { masterName } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';

export interface AdministratorKeysParts {
  readonly bus: Pick<Bus, 'ask'>;
  readonly nowMs: () => number;
  /** Tenants held at most; the one that was asked for first goes first. */
  readonly capacity?: number;
}

/** `unknown`: no track, or none of its keys is made, so no token can be of it. */
export type KeysMiss = 'unknown' | 'unavailable';

/** Milliseconds for which keys count without being asked for: how long a key that was withdrawn may still be believed. */
const freshMs = 30_000;
/** Anybody can write a key's name that nobody knows: it makes nobody ask more often than this. */
const againMs = 1_000;

interface Held {
  readonly keys: readonly VerificationKey[];
  readonly readMs: number;
}

/** Keys that sign the tokens of administrators: those of the `master` track of each tenant, in memory for a moment. */
export class AdministratorKeys {
  private readonly held = new Map<string, Held>();
  /** Requests at the same time share one question. */
  private readonly reading = new Map<string, Promise<Outcome<Held, KeysMiss>>>();

  constructor(private readonly parts: AdministratorKeysParts) {}

  /** @param again what is held was not enough: a key may be new */
  async of(
    tenant: string,
    context: MessageContext,
    again = false,
  ): Promise<Outcome<readonly VerificationKey[], KeysMiss>> {
    const held = this.held.get(tenant);
    if (held && this.parts.nowMs() - held.readMs < (again ? againMs : freshMs)) return ok(held.keys);
    const reading = this.reading.get(tenant) ?? this.begin(tenant, context);
    const read = await reading;
    return read.ok ? ok(read.value.keys) : read;
  }

  private begin(tenant: string, context: MessageContext): Promise<Outcome<Held, KeysMiss>> {
    const reading = this.read(tenant, context).finally(() => this.reading.delete(tenant));
    this.reading.set(tenant, reading);
    return reading;
  }

  private async read(tenant: string, context: MessageContext): Promise<Outcome<Held, KeysMiss>> {
    const readMs = this.parts.nowMs();
    const answer = await this.parts.bus.ask(readTrackKeys, { tenant, track: masterName }, context);
    this.held.delete(tenant);
    if (!answer.ok) return fail(answer.error.refusal === 'unavailable' ? 'unavailable' : 'unknown');
    const jwks = answer.value.keys.filter(({ state }) => state !== 'retired').map(({ kid, jwk }) => ({ ...jwk, kid }));
    const keys = parseJwks({ keys: jwks });
    if (!keys.ok) return fail('unknown');
    const held = { keys: keys.value, readMs };
    this.held.set(tenant, held);
    if (this.held.size > (this.parts.capacity ?? 1_000)) this.held.delete(this.held.keys().next().value as string);
    return ok(held);
  }
}
