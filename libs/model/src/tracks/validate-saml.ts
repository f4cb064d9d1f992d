import { problem, type Problem } from '../problems/problem.js';
import type { WrittenUpParty } from '../parties/up-party.js';
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

/** Where sign-ins lead that an identity provider begins: an application that may be signed in to by it. */
export const initiatedPartyExists = (
  party: WrittenUpParty,
  downParties: readonly {
    readonly name: string;
    readonly type: string;
    readonly allow_up_parties: readonly string[];
  }[],
): Problem[] => {
  if (party.type !== 'saml2' || party.idp_initiated_party === undefined) return [];
  const there = downParties.find(({ name }) => name === party.idp_initiated_party);
  const field = 'idp_initiated_party';
  if (!there) return [problem(field, `there is no down-party ${party.idp_initiated_party}`)];
  if (there.type !== 'saml2' && there.type !== 'oidc') return [problem(field, 'must be of type saml2 or oidc')];
  if (there.allow_up_parties.includes(party.name)) return [];
  return [problem(field, `${there.name} does not allow ${party.name}`, 'Add it to its allow_up_parties.')];
};
