import { signSaml, type Bus, type MessageContext } from '@corsac/contracts';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Signer } from '@corsac/saml';
import type { SamlKeyAlg, TrackKeys } from './track-keys.js';

/** Why nothing is signed: the token service does not answer, or the track has no key for the algorithm. */
export type SigningMiss = 'away' | 'unsupported_algorithm';

/** Whose key signs, and how. */
export interface SigningPlace {
  readonly tenant: string;
  readonly track: string;
  /** As the party's setting spells it. */
  readonly algorithm: Signer['algorithm'];
  readonly context: MessageContext;
}

const algorithms = ['rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'rsa-pss-sha256', 'ecdsa-sha256'] as const;
type Algorithm = (typeof algorithms)[number];

/** Which of a track's keys signs with an algorithm. */
export const keyAlgOf = (algorithm: Signer['algorithm']): SamlKeyAlg =>
  algorithm.startsWith('ecdsa') ? 'ES256' : 'RS256';

class NotSigned extends Error {
  override readonly name = 'NotSigned';
  constructor(readonly why: 'away' | 'rotated') {
    super(`nothing was signed: ${why}`);
  }
}

/** Has SAML messages signed by the token service, where the keys are. */
export class SamlSigning {
  constructor(private readonly parts: { readonly bus: Bus; readonly keys: TrackKeys }) {}

  /**
   * Makes something with a signer.
   * @param make gets the signer; what it signs carries the certificate of the very key that signed it
   */
  async signed<T>(place: SigningPlace, make: (signer: Signer) => Promise<T>): Promise<Outcome<T, SigningMiss>> {
    const algorithm = algorithms.find((known) => known === place.algorithm);
    if (!algorithm) return fail('unsupported_algorithm');
    // A key may rotate between reading its certificate and signing; then once more, with what holds now.
    for (let tries = 0; tries < 2; tries += 1) {
      const keys = await this.parts.keys.of(place, place.context);
      if (!keys.ok) return fail('away');
      const current = keys.value.find(({ alg, state }) => state === 'current' && alg === keyAlgOf(algorithm));
      if (!current) return fail('unsupported_algorithm');
      try {
        return ok(await make(this.signerOf(place, algorithm, current)));
      } catch (error) {
        if (!(error instanceof NotSigned)) throw error;
        if (error.why === 'away') return fail('away');
        this.parts.keys.forget(place);
      }
    }
    return fail('away');
  }

  private signerOf(
    { tenant, track, context }: SigningPlace,
    algorithm: Algorithm,
    { kid, certificate }: { kid: string; certificate: string },
  ): Signer {
    return {
      algorithm,
      certificate,
      sign: async (_identifier, bytes) => {
        const question = { tenant, track, algorithm, bytes: Buffer.from(bytes).toString('base64') };
        const signed = await this.parts.bus.ask(signSaml, question, context);
        if (!signed.ok) throw new NotSigned('away');
        if (signed.value.kid !== kid) throw new NotSigned('rotated');
        return Buffer.from(signed.value.signature, 'base64');
      },
    };
  }
}
