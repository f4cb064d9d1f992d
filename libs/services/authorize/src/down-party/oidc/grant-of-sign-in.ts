import type { AuthorizationGrant, Session } from '@corsac/contracts';
import { transformClaims, type DownParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { noteTransforms } from '../../journey/claims-step.js';
import type { SignedIn } from '../../sequence/sequence.js';
import type { Journey } from '../../sequence/journey.js';

/** What a sign-in is for, and the session that it stands on. */
export interface SignInMade {
  readonly party: Extract<DownParty, { type: 'oidc' | 'oauth2' }>;
  readonly issuer: string;
  readonly scopes: AuthorizationGrant['scopes'];
  readonly result: SignedIn;
  readonly session: Session;
  /** The `acr` to answer, where the request asked for one. */
  readonly acr?: string;
}

/**
 * What a sign-in grants the client, with the claims after the client's transforms.
 * @returns fails with the transform that could not be done, for the log
 */
export const grantOfSignIn = (
  journey: Journey,
  { party, issuer, scopes, result, session, acr = session.acr }: SignInMade,
): Outcome<AuthorizationGrant, string> => {
  const given = { ...result.claims, sid: session.sid };
  const transformed = transformClaims(given, party.claim_transforms);
  noteTransforms(journey.note, { track: session.track, party: party.name }, given, transformed);
  if (!transformed.ok)
    return fail(`claim transform ${transformed.error.rule} of ${party.name}: ${transformed.error.message}`);
  const { claims } = transformed.value;
  return ok({
    tenant: journey.sequence.tenant,
    track: session.track,
    client_id: party.name,
    issuer,
    scopes,
    sid: session.sid,
    up_party: session.up_party,
    sub: subjectOf(claims['sub'], result.sub),
    ...(result.user && { user: result.user }),
    claims,
    auth_time: session.auth_time,
    amr: session.amr,
    ...(acr !== undefined && { acr }),
  });
};

/** A transform may have replaced the subject; it stays a text that is not empty. */
const subjectOf = (transformed: unknown, otherwise: string): string =>
  typeof transformed === 'string' && transformed !== '' ? transformed : otherwise;
