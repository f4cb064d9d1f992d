import type { TrackLinkUpParty } from '@corsac/model';
import { randomName } from '@corsac/random';
import type { Frame } from '../../sequence/sequence.js';
import type { Journey } from '../../sequence/journey.js';
import { away, goOn, type NextStep } from '../../sequence/step.js';
import type { UpPartyKind } from '../up-party.js';
import type { Hops } from './hop.js';

/** What the trusting end of a link remembers: the hop that is out. Whoever opens the other track must find exactly this. */
export interface HopMemory {
  readonly hop_id: string;
  readonly to: { readonly track: string; readonly party: string };
}

/** More tracks in one journey than anybody links; a loop would grow beyond any figure. */
export const longestChain = 8;

/**
 * The trusting end of a track link. The request travels as an event, the linked track's login runs in the same browser
 * journey, and the browser is sent nowhere for it.
 */
export class TrackLinkUpPartyKind implements UpPartyKind<'track_link'> {
  readonly type = 'track_link';

  constructor(private readonly hops: Hops) {}

  async proceed(journey: Journey, frame: Frame, party: TrackLinkUpParty): Promise<NextStep> {
    const to = { track: party.to_down_track_name, party: party.to_down_party_name };
    const looped = loopFault(journey, to);
    if (looped !== undefined) {
      frame.result = {
        ok: false,
        error: 'server_error',
        error_description: `the track link cannot be followed: ${looped}`,
        detail: looped,
      };
      return goOn;
    }
    const hop: HopMemory = (frame.up as HopMemory | undefined) ?? { hop_id: randomName(18), to };
    frame.up = hop;
    if (!(await journey.keep())) return away('the sequence');
    journey.note({
      track: frame.track,
      party: party.name,
      kind: 'track_link.requested',
      outcome: 'waiting',
      detail: `${to.party} of ${to.track}`,
    });
    const { tenant, id } = journey.sequence;
    await this.hops.request({
      tenant,
      sequence_id: id,
      hop_id: hop.hop_id,
      from: { track: frame.track, party: party.name },
      to: hop.to,
    });
    // Answered or not: the sequence says how far the hop came. A replica that died after opening the track has opened it.
    const depth = journey.sequence.frames.length;
    if (!(await journey.reload())) return away('the sequence');
    const opened = journey.sequence.frames.length > depth || journey.frame.result !== undefined;
    return opened ? goOn : away('the linked track');
  }
}

/** Names the loop, or nothing. A track may be passed again by another link, but never by the one that is being followed. */
const loopFault = (journey: Journey, to: HopMemory['to']): string | undefined => {
  const frames = journey.sequence.frames;
  const passed = frames.map(({ track, down }) => `${track}/${down.party}`);
  if (passed.includes(`${to.track}/${to.party}`))
    return `the links form a loop: ${[...passed, `${to.track}/${to.party}`].join(' > ')}`;
  if (frames.length >= longestChain)
    return `more than ${longestChain} tracks are linked in a row: ${passed.join(' > ')}`;
  return undefined;
};
