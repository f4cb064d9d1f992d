import type { TrackView } from '@corsac/config-cache';
import type { Saml2UpParty } from '@corsac/model';
import type { OutboundClient } from '@corsac/outbound';
import type { Outcome } from '@corsac/outcome';
import type { SamlError } from '@corsac/saml';
import type { Logger } from '@corsac/telemetry';
import type { IdentityProvider, IdpMiss } from './identity-provider.js';
import { isWrittenByHand, readIdentityProvider } from './read-identity-provider.js';

export interface IdentityProvidersParts {
  readonly outbound: Pick<OutboundClient, 'get'>;
  readonly nowMs: () => number;
  readonly logger: Logger;
  /** Milliseconds between two readings that unknown keys ask for; 30 s when unsaid. */
  readonly cooldown_ms?: number;
  /** Milliseconds before one that could not be read is tried again; 5 s when unsaid. */
  readonly retry_ms?: number;
  /** Identity providers held; the least recently used goes first. */
  readonly capacity?: number;
}

/** An up-party in the version of its track. */
export interface SamlUpPartyInTrack {
  readonly view: TrackView;
  readonly party: Saml2UpParty;
}

interface Held {
  readonly found: Outcome<IdentityProvider, IdpMiss>;
  /** When it was last read well. */
  readonly readAtMs: number;
  readonly triedAtMs: number;
  askedAtMs?: number;
}

/**
 * What this replica knows of identity providers. Each is read when it is first needed, again when the up-party's update rate
 * is over, and once more when a signature fits none of its keys, though not more often than the cool-down allows. While one
 * is away, what was known of it serves on.
 */
export class IdentityProviders {
  private readonly held = new Map<string, Held>();
  private readonly reading = new Map<string, Promise<Held>>();

  constructor(private readonly parts: IdentityProvidersParts) {}

  /** The identity provider behind an up-party. */
  async of(place: SamlUpPartyInTrack): Promise<Outcome<IdentityProvider, IdpMiss>> {
    const key = keyOf(place);
    const held = this.held.get(key);
    if (held) {
      // The least recently used leaves first, so what is used moves to the end.
      this.held.delete(key);
      this.held.set(key, held);
      if (!this.isDue(held, place.party)) return held.found;
    }
    return (await this.read(key, place.party)).found;
  }

  /** Checks a message of the identity provider; with its keys read anew when none of those known verifies it. */
  async check<T>(
    place: SamlUpPartyInTrack,
    idp: IdentityProvider,
    check: (idp: IdentityProvider) => Promise<Outcome<T, SamlError>> | Outcome<T, SamlError>,
  ): Promise<Outcome<T, SamlError>> {
    const checked = await check(idp);
    if (checked.ok || checked.error.reason !== 'signature_invalid') return checked;
    const fresh = await this.again(place);
    return fresh ? check(fresh) : checked;
  }

  private async again({ view, party }: SamlUpPartyInTrack): Promise<IdentityProvider | undefined> {
    if (isWrittenByHand(party) || party.update_state === 'automatic_stopped') return undefined;
    const { nowMs, cooldown_ms = 30_000 } = this.parts;
    const key = keyOf({ view, party });
    const held = this.held.get(key);
    if (held?.askedAtMs !== undefined && nowMs() - held.askedAtMs < cooldown_ms) return undefined;
    if (held) held.askedAtMs = nowMs();
    const { found } = await this.read(key, party);
    return found.ok ? found.value : undefined;
  }

  private isDue(held: Held, party: Saml2UpParty): boolean {
    const { nowMs, retry_ms = 5_000 } = this.parts;
    if (!held.found.ok) return nowMs() - held.triedAtMs >= retry_ms;
    if (isWrittenByHand(party) || party.update_state === 'automatic_stopped') return false;
    const isOld = nowMs() - held.readAtMs >= party.metadata_update_rate * 1000;
    return isOld && nowMs() - held.triedAtMs >= retry_ms;
  }

  /** Requests that need the same one at the same time wait for one reading. */
  private read(key: string, party: Saml2UpParty): Promise<Held> {
    const running = this.reading.get(key);
    if (running) return running;
    const reading = this.readInto(key, party).finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    return reading;
  }

  private async readInto(key: string, party: Saml2UpParty): Promise<Held> {
    const { outbound, nowMs, logger, capacity = 2_000 } = this.parts;
    const triedAtMs = nowMs();
    const found = await readIdentityProvider(outbound, party, Math.floor(triedAtMs / 1000));
    const before = this.held.get(key);
    if (!found.ok)
      logger.warn({ up_party: party.name, reason: found.error.detail }, 'a SAML identity provider could not be read');
    const asked = before?.askedAtMs !== undefined && { askedAtMs: before.askedAtMs };
    const held: Held =
      !found.ok && before?.found.ok ? { ...before, triedAtMs } : { found, readAtMs: triedAtMs, triedAtMs, ...asked };
    this.held.delete(key);
    this.held.set(key, held);
    if (this.held.size > capacity) this.held.delete(this.held.keys().next().value as string);
    return held;
  }
}

/** Everything that a reading depends on, and the track: nothing that one track learned is used in another. */
const keyOf = ({ view, party }: SamlUpPartyInTrack): string =>
  view.memo(`saml-provider/${party.name}`, ({ tenant, track }) =>
    JSON.stringify([
      [tenant, track, party.name, party.update_state],
      [party.metadata_url, party.metadata_xml, party.issuers, party.keys],
      [party.authn_url, party.authn_request_binding],
      [party.logout_url, party.logout_request_binding, party.single_logout_response_url, party.single_logout_soap_url],
    ]),
  );
