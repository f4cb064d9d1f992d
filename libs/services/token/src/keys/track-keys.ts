import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import {
  importPublicJwk,
  importSigningKey,
  type PublicJwk,
  type SigningAlg,
  type SigningKey,
  type VerificationKey,
} from '@corsac/jwt';
import type { Sealer } from '@corsac/data';
import type { StoredKeys, TrackName } from './key-store.js';
import type { TrackKey } from './track-key.js';

/** A public key as it stands in the key set: with its certificate where it has one. RFC 7517 4.7. */
export type PublishedJwk = PublicJwk & { readonly x5c?: readonly string[] };

export const sealPurpose = 'signing-key';

/** As in a pod that may use one core: signing elsewhere would only wait for the same processor. */
const in_place = availableParallelism() === 1;

/**
 * The keys of one track as a replica holds them. Private halves are opened when they are first needed and kept only here;
 * opening is the one thing that can fail, when the master key they were sealed under is no longer listed.
 */
export class TrackKeys {
  readonly rows: readonly TrackKey[];
  readonly revision: number;
  private readonly signers = new Map<SigningAlg, SigningKey>();
  private published: VerificationKey[] | undefined;
  private all: VerificationKey[] | undefined;

  constructor(
    readonly name: TrackName,
    stored: StoredKeys,
    private readonly sealer: Pick<Sealer, 'unseal'>,
  ) {
    this.rows = stored.keys;
    this.revision = stored.revision;
  }

  /** The key that signs with an algorithm now; nothing when the track has none (yet). */
  signer(alg: SigningAlg): SigningKey | undefined {
    let key = this.signers.get(alg);
    if (key) return key;
    const row = this.rows.find((one) => one.alg === alg && one.state === 'current');
    if (!row) return undefined;
    key = { ...importSigningKey({ kid: row.kid, alg, pkcs8: this.open(row) }), in_place };
    this.signers.set(alg, key);
    return key;
  }

  /** Algorithms that the track can sign with now. */
  algs(): SigningAlg[] {
    return this.rows.filter(({ state }) => state === 'current').map(({ alg }) => alg);
  }

  /** Next, current and previous: what the key set shows. */
  publicKeys(): readonly PublishedJwk[] {
    return this.shown().map(({ jwk, certificate }) => (certificate ? { ...jwk, x5c: [certificate] } : jwk));
  }

  /** What our own tokens are checked with. */
  verificationKeys(): readonly VerificationKey[] {
    return (this.published ??= toVerify(this.shown()));
  }

  /** The same and the retired ones: for ID tokens that only say whose logout it is. */
  hintKeys(): readonly VerificationKey[] {
    return (this.all ??= toVerify(this.rows));
  }

  /** RSA private keys that something may have been encrypted for: partners hold metadata for a while. */
  decryptionKeys(): KeyObject[] {
    return this.shown()
      .filter((row) => row.alg === 'RS256' && row.certificate !== undefined && row.sealed !== undefined)
      .map((row) => createPrivateKey({ key: this.open(row), format: 'der', type: 'pkcs8' }));
  }

  private shown(): TrackKey[] {
    return this.rows.filter(({ state }) => state !== 'retired');
  }

  private open(row: TrackKey): Buffer {
    const opened = this.sealer.unseal(row.sealed ?? '', { purpose: sealPurpose, ...this.name });
    // Not a refusal but a broken installation: CORSAC_MASTER_KEY no longer lists the key that sealed this.
    if (!opened.ok)
      throw new Error(`a signing key of ${this.name.tenant}/${this.name.track} does not open: ${opened.error}`);
    return opened.value;
  }
}

const toVerify = (rows: readonly TrackKey[]): VerificationKey[] =>
  rows.map((row) => {
    const imported = importPublicJwk(row.jwk);
    if (imported.ok) return imported.value;
    return { kid: row.kid, algs: [row.alg], publicKey: createPublicKey({ key: { ...row.jwk }, format: 'jwk' }) };
  });
