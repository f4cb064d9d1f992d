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

interface Held {
  readonly certificates: readonly TrackCertificate[];
  readonly untilMs: number;
}

/** Certificates of tracks for metadata and signatures, in memory until the token service says that keys changed. */
export class TrackKeys {
  private readonly held = new Map<string, Held>();

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
    const read = await this.parts.bus.ask(readTrackKeys, { tenant, track }, context);
    if (!read.ok) return fail('unavailable');
    const certificates = read.value.keys
      .flatMap(({ kid, alg, state, certificate }) =>
        certificate === undefined || state === 'retired' || !isSamlKeyAlg(alg)
          ? []
          : [{ kid, alg, state, certificate }],
      )
      .sort((one, other) => order[one.state] - order[other.state]);
    this.held.delete(key);
    this.held.set(key, { certificates, untilMs: this.parts.nowMs() + freshMs });
    if (this.held.size > (this.parts.capacity ?? 2_000)) this.held.delete(this.held.keys().next().value as string);
    return ok(certificates);
  }

  forget({ tenant, track }: { tenant: string; track: string }): void {
    this.held.delete(`${tenant}/${track}`);
  }
}

const isSamlKeyAlg = (alg: string): alg is SamlKeyAlg => alg === 'RS256' || alg === 'ES256';

const order: Readonly<Record<TrackCertificate['state'], number>> = { current: 0, next: 1, previous: 2 };
