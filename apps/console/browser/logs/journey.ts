/** What one claim transform did; values are never told. */
export interface TransformTrace {
  readonly rule: string;
  readonly type: string;
  readonly action: string;
  readonly claim_out: string;
  readonly values_before: number;
  readonly values_after: number;
  readonly changed: boolean;
}

/** One step on the way of a login or logout. */
export interface JourneyEvent {
  readonly at_ms: number;
  readonly track: string;
  readonly party?: string;
  readonly kind: string;
  readonly outcome: 'ok' | 'refused' | 'waiting';
  readonly detail?: string;
  readonly claims_before?: readonly string[];
  readonly claims_after?: readonly string[];
  readonly trace?: readonly TransformTrace[];
}

export interface Journey {
  readonly sequence_id: string;
  readonly track: string;
  readonly kind: 'login' | 'logout';
  readonly started_ms: number;
  readonly ended_ms?: number;
  readonly outcome: 'running' | 'done' | 'failed';
  readonly events: readonly JourneyEvent[];
  /** So many events are of tracks that the administrator may not read. */
  readonly elsewhere?: number;
}

/** Where a step happened: a track and a party of it. */
export const laneOf = ({ track, party }: JourneyEvent): string => (party === undefined ? track : `${track} / ${party}`);

/** The lanes of a journey, in the order in which it came to them. */
export const lanesOf = (events: readonly JourneyEvent[]): string[] => [...new Set(events.map(laneOf))];

export interface Hop {
  readonly event: JourneyEvent;
  /** Place of its lane, from 0. */
  readonly lane: number;
  /** Milliseconds since the step before. */
  readonly since: number;
  /** Claims that came in on this step, and those that went. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const without = (all: readonly string[] = [], gone: readonly string[] = []): string[] =>
  all.filter((claim) => !gone.includes(claim));

/** Every step with its lane, in the order of time. */
export const hopsOf = (events: readonly JourneyEvent[]): Hop[] => {
  const inTime = [...events].sort((one, other) => one.at_ms - other.at_ms);
  const lanes = lanesOf(inTime);
  return inTime.map((event, at) => ({
    event,
    lane: lanes.indexOf(laneOf(event)),
    since: event.at_ms - (inTime[at - 1]?.at_ms ?? event.at_ms),
    added: event.claims_before ? without(event.claims_after, event.claims_before) : [],
    removed: event.claims_after ? without(event.claims_before, event.claims_after) : [],
  }));
};

/** `code_issued` is "Code issued". */
export const stepTitle = (kind: string): string => {
  const text = kind.replaceAll(/[_.]/g, ' ');
  return text.slice(0, 1).toUpperCase() + text.slice(1);
};

/** Why a journey went wrong, as its last refusal tells. */
export const refusalOf = ({ events }: Journey): string | undefined =>
  events.filter(({ outcome }) => outcome === 'refused').at(-1)?.detail;
