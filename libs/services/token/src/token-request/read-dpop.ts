import { verifyDpopProof } from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '@corsac/oauth';
import type { TrackName } from '../keys/key-store.js';
import type { OnceOnly } from '../replay/once-only.js';

/** What a proof must be about. */
export interface DpopUse {
  readonly name: TrackName;
  readonly method: string;
  /** Address of the endpoint, from configuration. */
  readonly url: string;
  /** Unix seconds. */
  readonly now: number;
  /** At a protected resource. */
  readonly access_token?: string;
}

const invalid = (detail: string) => refuse('invalid_dpop_proof', 'the DPoP proof is not valid', detail);

/**
 * Reads the `DPoP` header, where there is one. The proof is checked first and then must be new, so that forged ones cost no store
 * trip. RFC 9449 4.3 and 11.1.
 * @returns the thumbprint of its key, nothing without header; @throws StoreUnavailable
 */
export const readDpop = async (
  header: string | readonly string[] | undefined,
  use: DpopUse,
  once: OnceOnly,
): Promise<Outcome<string | undefined, OAuthError>> => {
  if (header === undefined) return ok(undefined);
  const { name, ...rules } = use;
  const proof = verifyDpopProof(header, rules);
  if (!proof.ok) return invalid(`${proof.error.code}: ${proof.error.message}`);
  const { jkt, jti, remember_until } = proof.value;
  const isNew = await once.isNew(name, { kind: 'dpop', sender: jkt, id: jti, until: remember_until }, use.now);
  return isNew ? ok(jkt) : invalid('the proof was used before');
};
