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
}

/** Journeys as people look at them afterwards. */
export interface JourneyStore {
  append(events: readonly RecordedEvent[]): Promise<void>;
  list(query: JourneyQuery): Promise<Journey[]>;
  /** Forgets events whose time is over. */
  prune(nowMs: number): Promise<void>;
}
