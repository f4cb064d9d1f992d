import type { SignedInUser, UpstreamSession } from '@corsac/contracts';
import { forwardClaims, transformClaims, type Claims, type UpParty } from '@corsac/model';
import { noteSelection, noteTransforms, type Note } from '../journey/claims-step.js';
import type { Frame, LoginResult, SignedIn } from '../sequence/sequence.js';

/** What an up-party found out, before the track's own rules for it. */
export interface UpPartyAnswer {
  readonly sub: string;
  /** The track's own record of the user. */
  readonly user?: SignedInUser;
  readonly claims: Claims;
  /** Unix seconds. */
  readonly auth_time: number;
  readonly amr: readonly string[];
  readonly acr?: string;
  readonly upstream?: UpstreamSession;
  readonly beneath?: SignedIn['beneath'];
}

type SigningInUpParty = Exclude<UpParty, { type: 'oauth2' }>;

/** Of these the middle is the author; what an up-party claims of them is replaced. */
const ownClaims = (party: SigningInUpParty): Claims => ({
  auth_method: party.name,
  auth_method_type: party.type,
  up_party: party.name,
  up_party_type: party.type,
});

/**
 * Turns an up-party's answer into the login result: its claims with our own beside them, then its transforms, then its
 * forward list (the order of claims). A transform that fails ends the sign-in and names itself in the log.
 */
export const acceptAnswer = (
  { note }: { readonly note: Note },
  frame: Frame,
  party: SigningInUpParty,
  answer: UpPartyAnswer,
): LoginResult => {
  const { sub, auth_time, amr, acr } = answer;
  const given: Claims = {
    ...answer.claims,
    sub,
    auth_time,
    amr: [...amr],
    ...(acr !== undefined && { acr }),
    ...ownClaims(party),
  };
  const place = { track: frame.track, party: party.name };
  const transformed = transformClaims(given, party.claim_transforms);
  noteTransforms(note, place, given, transformed);
  if (!transformed.ok) {
    const { rule, message } = transformed.error;
    return failed(
      'server_error',
      'the claims could not be prepared',
      `claim transform ${rule} of ${party.name}: ${message}`,
    );
  }
  const claims = 'claims' in party ? forwardClaims(transformed.value.claims, party.claims) : transformed.value.claims;
  if ('claims' in party) noteSelection(note, { ...place, kind: 'claims.forwarded' }, transformed.value.claims, claims);
  const subject = claims['sub'];
  if (typeof subject !== 'string' || subject === '')
    return failed('server_error', 'the claims could not be prepared', `${party.name} gave no sub`);
  if (frame.login.sub !== undefined && frame.login.sub !== subject)
    return failed('login_required', 'another user signed in than was asked for');
  return {
    ok: true,
    up_party: party.name,
    up_party_type: party.type,
    sub: subject,
    ...(answer.user && { user: answer.user }),
    claims,
    auth_time,
    amr,
    ...(acr !== undefined && { acr }),
    ...(answer.upstream && { upstream: answer.upstream }),
    beneath: answer.beneath ?? [],
  };
};

const failed = (error: 'server_error' | 'login_required', error_description: string, detail?: string): LoginResult => ({
  ok: false,
  error,
  error_description,
  ...(detail !== undefined && { detail }),
});
