import type { KeyObject } from 'node:crypto';
import type { SigningAlg } from '../algorithms.js';

/** A private key of a track, ready to sign. The key object stays in memory of the one service that signs. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly privateKey: KeyObject;
  /** RSA too is signed where it is asked for: a hand-over to other threads gains nothing where there is no second core. */
  readonly in_place?: boolean;
}

/** A public key that somebody is trusted to sign with. `algs` is what the key can be used for at all, `kid` its name. */
export interface VerificationKey {
  readonly kid?: string;
  readonly algs: readonly SigningAlg[];
  readonly publicKey: KeyObject;
}

/** A public signature key as it is published. RFC 7517 4, RFC 7518 6. */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: SigningAlg;
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** A JWK as somebody else sends it: nothing about it is known yet. */
export type UntrustedJwk = { readonly [member: string]: unknown };
