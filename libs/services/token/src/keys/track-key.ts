import type { PublicJwk, SigningAlg } from '@corsac/jwt';

/**
 * The life of a key: published, signing, published still, only good for old logout hints. `next` and `previous` are in the key
 * set but do not sign; `retired` is in no key set and has no private half any more.
 */
export type KeyState = 'next' | 'current' | 'previous' | 'retired';

/** A key of a track as the table has it. Times are unix seconds. */
export interface TrackKey {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: KeyState;
  readonly jwk: PublicJwk;
  /** PKCS#8 DER sealed under the master key; gone once retired. */
  readonly sealed?: string;
  /** base64 DER of a self-signed certificate; of RS256 and ES256 keys. An ES256 key of an older release has none. */
  readonly certificate?: string;
  readonly created: number;
  /** When it began to sign; of a `next` key, when it shall. */
  readonly current_from: number;
  /** When it leaves the key set; of `previous` keys only. */
  readonly ends?: number;
}

/** A key that was made and stands in no table yet. */
export type MadeKey = Required<Pick<TrackKey, 'kid' | 'alg' | 'jwk' | 'sealed' | 'created'>> &
  Pick<TrackKey, 'certificate'>;

/** How the keys of a track live; seconds. */
export interface KeyRules {
  readonly signing_algs: readonly SigningAlg[];
  readonly rotation_interval: number;
  readonly publish_before_use: number;
  readonly keep_after_use: number;
}
