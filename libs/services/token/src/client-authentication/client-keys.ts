import { parseJwks, type VerificationKey } from '@corsac/jwt';
import type { OutboundClient } from '@corsac/outbound';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { OAuthParty } from '../party/addressed-party.js';

export interface ClientKeysOptions {
  readonly outbound: Pick<OutboundClient, 'get'>;
  readonly nowMs: () => number;
  /** Milliseconds that a fetched key set is used without asking again. */
  readonly fresh_ms?: number;
  /** Milliseconds between two fetches of one address, however many unknown keys are named. */
  readonly cooldown_ms?: number;
}

interface Fetched {
  readonly keys: readonly VerificationKey[];
  readonly atMs: number;
  readonly triedMs: number;
}

const capacity = 2_000;

/** Public keys of clients: written with the client, or at an address of its own, kept for a while and read again for a new `kid`. */
export class ClientKeys {
  private readonly written = new WeakMap<OAuthParty, readonly VerificationKey[]>();
  private readonly fetched = new Map<string, Fetched>();
  private readonly fetching = new Map<string, Promise<Outcome<readonly VerificationKey[], string>>>();

  constructor(private readonly options: ClientKeysOptions) {}

  /**
   * The keys of a client.
   * @param again the keys at hand did not know a `kid`: fetch, unless that was done a moment ago
   */
  async keysOf(client: OAuthParty, again = false): Promise<Outcome<readonly VerificationKey[], string>> {
    if (client.jwks) return ok(this.writtenKeys(client, client.jwks));
    if (client.jwks_uri === undefined) return ok([]);
    return this.fetchedKeys(client.jwks_uri, again);
  }

  private writtenKeys(client: OAuthParty, jwks: object): readonly VerificationKey[] {
    let keys = this.written.get(client);
    if (!keys) {
      const parsed = parseJwks(jwks);
      this.written.set(client, (keys = parsed.ok ? parsed.value : []));
    }
    return keys;
  }

  private fetchedKeys(
    uri: string,
    again: boolean,
  ): Outcome<readonly VerificationKey[], string> | Promise<Outcome<readonly VerificationKey[], string>> {
    const nowMs = this.options.nowMs();
    const held = this.fetched.get(uri);
    const isCool = !held || nowMs - held.triedMs >= (this.options.cooldown_ms ?? 10_000);
    const isFresh = held !== undefined && nowMs - held.atMs < (this.options.fresh_ms ?? 600_000);
    if (held && (!isCool || (isFresh && !again))) return ok(held.keys);
    const running = this.fetching.get(uri) ?? this.fetch(uri, nowMs).finally(() => this.fetching.delete(uri));
    this.fetching.set(uri, running);
    return running;
  }

  private async fetch(uri: string, nowMs: number): Promise<Outcome<readonly VerificationKey[], string>> {
    const answer = await this.options.outbound.get(uri, { timeout_ms: 2_500, max_bytes: 256 * 1024 });
    const held = this.fetched.get(uri);
    const parsed = answer.ok && answer.value.status === 200 ? parseJwks(answer.value.json()) : undefined;
    if (parsed?.ok) {
      this.keep(uri, { keys: parsed.value, atMs: nowMs, triedMs: nowMs });
      return ok(parsed.value);
    }
    // The old keys serve on while the address is away; whoever changes keys keeps the address up.
    if (held) {
      this.keep(uri, { ...held, triedMs: nowMs });
      return ok(held.keys);
    }
    return fail(
      answer.ok ? `status ${answer.value.status} or no key set` : `${answer.error.kind}: ${answer.error.detail}`,
    );
  }

  private keep(uri: string, fetched: Fetched): void {
    this.fetched.delete(uri);
    this.fetched.set(uri, fetched);
    if (this.fetched.size > capacity) this.fetched.delete(this.fetched.keys().next().value as string);
  }
}
