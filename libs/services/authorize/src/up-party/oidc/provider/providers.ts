import type { TrackView } from '@corsac/config-cache';
import type { JwtError } from '@corsac/jwt';
import type { OidcUpParty } from '@corsac/model';
import type { OutboundClient } from '@corsac/outbound';
import type { Outcome } from '@corsac/outcome';
import type { Logger } from '@corsac/telemetry';
import type { Provider, ProviderMiss } from './provider.js';
import { isWrittenByHand, readProvider } from './read-provider.js';

export interface ProvidersParts {
  readonly outbound: Pick<OutboundClient, 'get'>;
  readonly nowMs: () => number;
  readonly logger: Logger;
  /** Milliseconds between two readings that unknown keys ask for; 30 s when unsaid. */
  readonly cooldown_ms?: number;
  /** Milliseconds before a provider that could not be read is tried again; 5 s when unsaid. */
  readonly retry_ms?: number;
  /** Providers held; the least recently used goes first. */
  readonly capacity?: number;
}

interface Held {
  found: Outcome<Provider, ProviderMiss>;
  /** When it was last read well. */
  readAtMs: number;
  triedAtMs: number;
  /** When an unknown key last asked for a reading. */
  askedAtMs?: number;
}

/** An up-party in the version of its track. */
export interface UpPartyInTrack {
  readonly view: TrackView;
  readonly party: OidcUpParty;
}

/**
 * What this replica knows of providers. Each is read when it is first needed, again when the up-party's update rate is
 * over, and at once when a token names an unknown key, though not more often than the cool-down allows: anybody can send
 * such tokens. While a provider is away, what was known of it serves on.
 */
export class Providers {
  private readonly held = new Map<string, Held>();
  private readonly reading = new Map<string, Promise<Held>>();

  constructor(private readonly parts: ProvidersParts) {}

  /** The provider behind an up-party. */
  async of({ view, party }: UpPartyInTrack): Promise<Outcome<Provider, ProviderMiss>> {
    const key = keyOf(view, party);
    const held = this.recent(key);
    if (held && !this.isDue(held, party)) return held.found;
    return (await this.read(key, party)).found;
  }

  /**
   * Checks something that the provider signed; with its keys read anew when the check failed because the key was unknown.
   * OIDC Core 10.1.1.
   */
  async check<T>(
    place: UpPartyInTrack,
    provider: Provider,
    check: (provider: Provider) => Outcome<T, JwtError>,
  ): Promise<Outcome<T, JwtError>> {
    const checked = check(provider);
    if (checked.ok || !keyIsUnknown(checked.error)) return checked;
    const fresh = await this.again(place);
    return fresh ? check(fresh) : checked;
  }

  private async again({ view, party }: UpPartyInTrack): Promise<Provider | undefined> {
    if (isWrittenByHand(party)) return undefined;
    const { nowMs, cooldown_ms = 30_000 } = this.parts;
    const key = keyOf(view, party);
    const running = this.reading.get(key);
    if (!running) {
      const held = this.held.get(key);
      if (held?.askedAtMs !== undefined && nowMs() - held.askedAtMs < cooldown_ms) return undefined;
      if (held) held.askedAtMs = nowMs();
    }
    const { found } = await (running ?? this.read(key, party));
    return found.ok ? found.value : undefined;
  }

  /** The least recently used leaves first, so what is used moves to the end. */
  private recent(key: string): Held | undefined {
    const held = this.held.get(key);
    if (!held) return undefined;
    this.held.delete(key);
    this.held.set(key, held);
    return held;
  }

  private isDue(held: Held, party: OidcUpParty): boolean {
    const { nowMs, retry_ms = 5_000 } = this.parts;
    if (!held.found.ok) return nowMs() - held.triedAtMs >= retry_ms;
    if (isWrittenByHand(party) || party.update_state === 'automatic_stopped') return false;
    const isOld = nowMs() - held.readAtMs >= party.oidc_discovery_update_rate * 1000;
    return isOld && nowMs() - held.triedAtMs >= retry_ms;
  }

  /** Requests that need the same provider at the same time wait for one reading. */
  private read(key: string, party: OidcUpParty): Promise<Held> {
    const running = this.reading.get(key);
    if (running) return running;
    const reading = this.readInto(key, party).finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    return reading;
  }

  private async readInto(key: string, party: OidcUpParty): Promise<Held> {
    const { outbound, nowMs, logger, capacity = 2_000 } = this.parts;
    const triedAtMs = nowMs();
    const found = await readProvider(outbound, party);
    const before = this.held.get(key);
    if (!found.ok)
      logger.warn({ up_party: party.name, reason: found.error.detail }, 'an identity provider could not be read');
    const held: Held =
      !found.ok && before?.found.ok
        ? { ...before, triedAtMs }
        : { found, readAtMs: triedAtMs, triedAtMs, askedAtMs: before?.askedAtMs };
    this.held.delete(key);
    this.held.set(key, held);
    if (this.held.size > capacity) this.held.delete(this.held.keys().next().value as string);
    return held;
  }
}

const keyIsUnknown = ({ code }: JwtError): boolean => code === 'unknown_kid' || code === 'no_usable_key';

/** Everything that a reading depends on, and the track: nothing that one track learned is used in another. */
const keyOf = (view: TrackView, party: OidcUpParty): string =>
  view.memo(`oidc-provider/${party.name}`, ({ tenant, track }) =>
    JSON.stringify([
      [tenant, track, party.name, party.update_state],
      [party.authority, party.issuers, party.jwks_uri, party.jwks],
      [party.authorization_endpoint, party.token_endpoint, party.userinfo_endpoint, party.end_session_endpoint],
    ]),
  );
