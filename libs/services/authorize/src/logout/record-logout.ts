import type { FrontChannelCall } from '@corsac/contracts';
import type { TrackView } from '@corsac/config-cache';
import type { JourneyNote } from '../journey/claims-step.js';
import type { JourneyRecorder } from '../journey/recorder.js';
import type { Step } from '../sequence/step.js';
import type { LogoutJourney, UpstreamToAsk } from './logout-journey.js';

/** Where a logout is, for its record. */
export interface LogoutPlace {
  readonly view: TrackView;
  readonly journey: LogoutJourney;
}

/** Takes down what happens on a logout's way through the browser, in every track that it touches. */
export class LogoutRecord {
  constructor(private readonly recorder: Pick<JourneyRecorder, 'record'>) {}

  note(
    { view, journey }: LogoutPlace,
    event: Pick<JourneyNote, 'kind'> & Partial<Pick<JourneyNote, 'track' | 'party' | 'detail' | 'outcome'>>,
  ): void {
    const { tenant, id } = journey;
    const where = { track: journey.track, party: journey.party, outcome: 'ok' as const };
    this.recorder.record(
      { tenant, sequence_id: id, journey: 'logout', settings: view.settings },
      { ...where, ...event },
    );
  }

  /** Which sessions ended, each in its own track: so a linked track finds the logout as well. */
  ended(place: LogoutPlace, ended: readonly { readonly track: string }[]): void {
    const { journey } = place;
    const detail = `${ended.length} sessions, job ${journey.job_id ?? 'none'}`;
    this.note(place, { kind: 'logout.sessions_ended', detail });
    for (const track of new Set(ended.map((session) => session.track)))
      if (track !== journey.track) this.note(place, { kind: 'logout.sessions_ended', track, detail });
  }

  /** A provider above was asked, has logged out without the browser, or offers no way. Of the address only where it leads. */
  asked(place: LogoutPlace, { track, up_party }: UpstreamToAsk, step: Step | 'told' | undefined): void {
    const at = { track, party: up_party };
    if (!step) return this.note(place, { ...at, kind: 'up_party.not_asked', outcome: 'refused' });
    if (step === 'told') return this.note(place, { ...at, kind: 'up_party.told' });
    const detail = step.kind !== 'page' && URL.canParse(step.url) ? new URL(step.url).origin : '';
    return this.note(place, { ...at, kind: 'up_party.asked', outcome: 'waiting', detail });
  }

  /** The page that tells applications by iframes. */
  shown(place: LogoutPlace, calls: readonly FrontChannelCall[]): void {
    for (const { track, party, uri } of calls)
      this.note(place, { track, party, kind: 'logout.front_channel', outcome: 'waiting', detail: originOf(uri) });
  }

  /** What the browser said of the iframes. */
  reported(place: LogoutPlace, receipts: readonly { receipt_id: string; result: 'loaded' | 'timed_out' }[]): void {
    for (const { receipt_id, track, party } of place.journey.front_channel) {
      const loaded = receipts.some((receipt) => receipt.receipt_id === receipt_id && receipt.result === 'loaded');
      const kind = loaded ? 'logout.front_channel_loaded' : 'logout.front_channel_timed_out';
      this.note(place, { track, party, kind, outcome: loaded ? 'ok' : 'refused' });
    }
  }
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '');
