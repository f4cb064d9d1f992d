import type { NextStep } from '../sequence/step.js';
import type { Frame, Sequence } from '../sequence/sequence.js';
import type { JourneyNote } from './claims-step.js';

/** How a journey stands, as far as its record is concerned. */
export interface Standing {
  readonly depth: number;
  readonly track: string;
  readonly party: string;
  readonly upParty: string | undefined;
  readonly answered: boolean;
}

export const standingOf = ({ frames }: Sequence): Standing => {
  const frame = frames.at(-1);
  return {
    depth: frames.length,
    track: frame?.track ?? '',
    party: frame?.down.party ?? '',
    upParty: frame?.upParty,
    answered: frame?.result !== undefined,
  };
};

type Event = JourneyNote;

/** The beginning of a journey: who asks, by which protocol. */
export const askedBy = ({ track, down }: Frame): Event => ({
  track,
  party: down.party,
  kind: 'down_party.asked',
  outcome: 'ok',
  detail: down.type,
});

/** What happened in one turn of the dispatcher, told from how the journey stood before and stands after it. */
export const eventsOfTurn = (before: Standing, sequence: Sequence, step: NextStep): Event[] => {
  const after = standingOf(sequence);
  const events: Event[] = [];
  if (after.depth > before.depth)
    events.push({
      track: after.track,
      party: after.party,
      kind: 'track_link.opened',
      outcome: 'ok',
      detail: `by ${before.upParty ?? ''} of ${before.track}`,
    });
  if (after.depth < before.depth)
    events.push({
      track: before.track,
      party: before.party,
      kind: 'track_link.answered',
      outcome: 'ok',
      detail: `to ${after.upParty ?? ''} of ${after.track}`,
    });
  if (after.depth === before.depth && after.upParty !== before.upParty && after.upParty !== undefined)
    events.push({ track: after.track, party: after.upParty, kind: 'up_party.chosen', outcome: 'ok' });
  const result = sequence.frames.at(-1)?.result;
  if (result && (!before.answered || after.depth < before.depth)) {
    events.push(
      result.ok
        ? {
            track: after.track,
            party: result.up_party,
            kind: result.session ? 'session.used' : 'up_party.answered',
            outcome: 'ok',
            claims_after: Object.keys(result.claims),
          }
        : {
            track: after.track,
            party: after.upParty ?? after.party,
            kind: 'up_party.refused',
            outcome: 'refused',
            detail: `${result.error}: ${result.detail ?? result.error_description}`,
          },
    );
  }
  const shown = shownBy(step);
  if (shown)
    events.push({ track: after.track, party: after.answered ? after.party : (after.upParty ?? after.party), ...shown });
  return events;
};

const shownBy = (step: NextStep): Pick<Event, 'kind' | 'outcome' | 'detail'> | undefined => {
  switch (step.kind) {
    case 'page':
      return step.ends ? { kind: 'page.last', outcome: 'ok' } : { kind: 'page.shown', outcome: 'waiting' };
    case 'redirect':
    case 'post':
      return step.ends
        ? { kind: 'down_party.answered', outcome: 'ok' }
        : { kind: 'up_party.asked', outcome: 'waiting', detail: originOf(step.url) };
    case 'away':
      return { kind: 'service.away', outcome: 'refused', detail: step.what };
    case 'overtaken':
    case 'continue':
      return undefined;
  }
};

/** Of an address only where it leads: what follows may hold a code. */
const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '');
