import { readTrackKeys, type Bus, type MessageContext } from '@corsac/contracts';
import { fail, ok, type Outcome } from '@corsac/outcome';

/** Keys of a track that sign SAML messages. */
export type SamlKeyAlg = 'RS256' | 'ES256';

/** A certificate of one of the track's keys. */
export interface TrackCertificate {
  readonly kid: string;
  readonly alg: SamlKeyAlg;
  readonly state: 'next' | 'current' | 'previous';
  /** Base64 of its DER. */
  readonly certificate: string;
}

export interface TrackKeysParts {
  readonly bus: Bus;
  readonly nowMs: () => number;
  /** Tracks held at most; the least recently read goes first. */
  readonly capacity?: number;
}

/** Milliseconds that are believed without a notice; a notice may be lost. */
const freshMs = 60_000;
/** The same where a kind of key is missing: it may be one that is still being made for a new track. */
const freshUnfinishedMs = 2_000;

interface Held {
  readonly certificates: readonly TrackCertificate[];
  readonly untilMs: number;
}

/** Certificates of tracks for metadata and signatures, in memory until the token service says that keys changed. */
export class TrackKeys {
  private readonly held = new Map<string, Held>();
  /** Counts the notices: an answer that was asked for before one is not kept after it. */
  private notices = 0;

  constructor(private readonly parts: TrackKeysParts) {}

  /** Certificates of keys that are to come, in use, or were in use of late; the one in use is first. */
  async of(
    place: { tenant: string; track: string },
    context: MessageContext,
  ): Promise<Outcome<readonly TrackCertificate[], 'unavailable'>> {
    const { tenant, track } = place;
    const key = `${tenant}/${track}`;
    const known = this.held.get(key);
    if (known && known.untilMs > this.parts.nowMs()) return ok(known.certificates);
    const { notices } = this;
    const read = await this.parts.bus.ask(readTrackKeys, { tenant, track }, context);
    // Also where they are being made: whoever has the configuration of the track knows that it will have keys.
    if (!read.ok) return fail('unavailable');
    const certificates = read.value.keys
      .flatMap(({ kid, alg, state, certificate }) =>
        certificate === undefined || state === 'retired' || !isSamlKeyAlg(alg)
          ? []
          : [{ kid, alg, state, certificate }],
      )
      .sort((one, other) => order[one.state] - order[other.state]);
    if (notices !== this.notices) return ok(certificates);
    const isWhole = samlKeyAlgs.every((alg) => certificates.some((one) => one.alg === alg));
    this.held.delete(key);
    this.held.set(key, { certificates, untilMs: this.parts.nowMs() + (isWhole ? freshMs : freshUnfinishedMs) });
    if (this.held.size > (this.parts.capacity ?? 2_000)) this.held.delete(this.held.keys().next().value as string);
    return ok(certificates);
  }

  forget({ tenant, track }: { tenant: string; track: string }): void {
    this.notices += 1;
    this.held.delete(`${tenant}/${track}`);
  }
}

const samlKeyAlgs: readonly SamlKeyAlg[] = ['RS256', 'ES256'];
const isSamlKeyAlg = (alg: string): alg is SamlKeyAlg => samlKeyAlgs.some((one) => one === alg);

const order: Readonly<Record<TrackCertificate['state'], number>> = { current: 0, next: 1, previous: 2 };
