import { accessTokenDefaults, issueClaims, transformClaims, type Claims } from '@corsac/model';
import { noteSelection, noteTransforms } from '../../journey/claims-step.js';
import type { Frame, LoginResult, SignedIn } from '../../sequence/sequence.js';
import type { Journey } from '../../sequence/journey.js';
import { goOn, type NextStep } from '../../sequence/step.js';
import { sessionPart } from '../../sign-in/open-session.js';
import { acceptAnswer } from '../../up-party/accept-answer.js';
import type { HopMemory } from '../../up-party/track-link/track-link-up-party.js';
import type { Hops } from '../../up-party/track-link/hop.js';
import type { DownPartyKind } from '../down-party.js';

/**
 * The trusted end of a track link: the linked track's login result, by its transforms and issue list, becomes the answer
 * of the up-party in the track that asked. The frame goes off the sequence; the browser notices nothing.
 */
export class TrackLinkDownPartyKind implements DownPartyKind {
  readonly type = 'track_link';

  constructor(private readonly hops: Hops) {}

  async answer(journey: Journey, frame: Frame, result: LoginResult): Promise<NextStep> {
    const below = journey.sequence.frames.at(-2);
    if (!below) throw new Error('a linked track stands on no other');
    const answered = result.ok ? await this.pass(journey, frame, below, result) : result;
    journey.sequence.frames.pop();
    below.result = answered;
    const hop = below.up as HopMemory;
    // For those who watch the journey; this replica goes on by itself.
    await this.hops.tell(
      { tenant: journey.sequence.tenant, sequence_id: journey.sequence.id, hop_id: hop.hop_id },
      'journey',
      answered.ok ? 'answered' : 'refused',
    );
    return goOn;
  }

  private async pass(journey: Journey, frame: Frame, below: Frame, result: SignedIn): Promise<LoginResult> {
    const down = journey.view(frame).downParty(frame.down.party);
    const up = journey.view(below).upParty(below.upParty ?? '');
    if (down?.type !== 'track_link' || up?.type !== 'track_link')
      return { ok: false, error: 'server_error', error_description: 'the track link is no longer there' };
    const place = { track: frame.track, party: down.name };
    const transformed = transformClaims(result.claims, down.claim_transforms);
    noteTransforms(journey.note, place, result.claims, transformed);
    if (!transformed.ok) {
      const detail = `claim transform ${transformed.error.rule} of ${down.name}: ${transformed.error.message}`;
      return { ok: false, error: 'server_error', error_description: 'the claims could not be prepared', detail };
    }
    const claims = issueClaims(transformed.value.claims, down.claims, accessTokenDefaults);
    noteSelection(journey.note, { ...place, kind: 'claims.issued' }, transformed.value.claims, claims);
    const sub = subjectOf(claims, result.sub);
    return acceptAnswer(journey, below, up, {
      sub: up.pipe_external_id ? `${up.name}|${sub}` : sub,
      claims,
      auth_time: result.auth_time,
      amr: result.amr,
      ...(result.acr !== undefined && { acr: result.acr }),
      beneath: [sessionPart(journey, frame, result), ...result.beneath],
    });
  }
}

const subjectOf = (claims: Claims, otherwise: string): string => {
  const sub = claims['sub'];
  return typeof sub === 'string' && sub !== '' ? sub : otherwise;
};
