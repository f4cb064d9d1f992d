import type { Journey, JourneyEvent } from '@corsac/contracts';

/** One event with the journey that it belongs to. `keep_s`: how long the track shows its journeys. */
export interface RecordedEvent extends JourneyEvent {
  readonly tenant: string;
  readonly sequence_id: string;
  readonly journey: 'login' | 'logout';
  readonly keep_s: number;
}

export interface JourneyQuery {
  readonly tenant: string;
  readonly track: string;
  readonly sequence_id?: string;
  readonly limit: number;
  readonly before_ms?: number;
  /** `more` of the page before. */
  readonly after?: string;
}

export interface JourneyPage {
  readonly journeys: Journey[];
  readonly more?: string;
}

/** Journeys as people look at them afterwards. */
export interface JourneyStore {
  append(events: readonly RecordedEvent[]): Promise<void>;
  /** Newest first. */
  list(query: JourneyQuery): Promise<JourneyPage>;
  /** Forgets events whose time is over. */
  prune(nowMs: number): Promise<void>;
}
