import type { TrackView } from '@corsac/config-cache';
import { parseJwks, type VerificationKey } from '@corsac/jwt';
import type { OidcDownParty } from '@corsac/model';
import type { OutboundClient } from '@corsac/outbound';
import type { Logger } from '@corsac/telemetry';

/** Keys fetched from a client's `jwks_uri` are used this long; milliseconds. */
const freshMs = 300_000;
const capacity = 1000;

interface Fetched {
  readonly keys: readonly VerificationKey[];
  readonly untilMs: number;
}

/** Public keys of clients, for request objects: as registered, or fetched and kept for a while. */
export class ClientKeys {
  private readonly fetched = new Map<string, Fetched>();

  constructor(
    private readonly parts: {
      readonly outbound: OutboundClient;
      readonly nowMs: () => number;
      readonly logger: Logger;
    },
  ) {}

  /** The client's keys; empty when it has none or they cannot be had. */
  async keysOf(view: TrackView, party: OidcDownParty): Promise<readonly VerificationKey[]> {
    if (party.jwks) return view.memo(`client-keys/${party.name}`, () => keysIn(party.jwks));
    return party.jwks_uri === undefined
      ? []
      : this.fetch(`${view.tenant}/${view.track}/${party.jwks_uri}`, party.jwks_uri);
  }

  private async fetch(key: string, uri: string): Promise<readonly VerificationKey[]> {
    const known = this.fetched.get(key);
    if (known && known.untilMs > this.parts.nowMs()) return known.keys;
    const answer = await this.parts.outbound.get(uri);
    if (!answer.ok || answer.value.status !== 200) {
      this.parts.logger.warn(
        { reason: answer.ok ? answer.value.status : answer.error.kind },
        "a client's jwks_uri gave no keys",
      );
      return known?.keys ?? [];
    }
    const keys = keysIn(answer.value.json());
    this.fetched.delete(key);
    this.fetched.set(key, { keys, untilMs: this.parts.nowMs() + freshMs });
    if (this.fetched.size > capacity) this.fetched.delete(this.fetched.keys().next().value as string);
    return keys;
  }
}

const keysIn = (document: unknown): readonly VerificationKey[] => {
  const parsed = parseJwks(document);
  return parsed.ok ? parsed.value : [];
};
