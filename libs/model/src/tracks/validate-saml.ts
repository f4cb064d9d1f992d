import { problem, type Problem } from '../problems/problem.js';
import type { TrackSettings } from './settings.js';

/** Which of a track's keys signs SAML messages; one key serves the RSA algorithms. */
const keyOf = (algorithm: string): 'RS256' | 'ES256' => (algorithm.startsWith('ecdsa') ? 'ES256' : 'RS256');

/** A SAML party signs with a key that its track makes. */
export const samlKeyExists = (
  party: { readonly type: string; readonly signature_algorithm?: string },
  { keys }: Pick<TrackSettings, 'keys'>,
): Problem[] => {
  if (party.type !== 'saml2' || party.signature_algorithm === undefined) return [];
  const alg = keyOf(party.signature_algorithm);
  if (keys.signing_algs.includes(alg)) return [];
  const message = `the track has no key for ${party.signature_algorithm}`;
  return [problem('signature_algorithm', message, `Add ${alg} to keys.signing_algs of the track.`)];
};
