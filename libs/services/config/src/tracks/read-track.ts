import type { DownParty, TrackSettings, UpParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { KeptTrack, TrackStore } from './track-store.js';

export interface TrackPage {
  readonly version: number;
  readonly settings: TrackSettings;
  readonly up_parties: UpParty[];
  readonly down_parties: DownParty[];
  readonly next?: string;
}

/** A page stays well under the largest message of an unconfigured NATS server (1 MB). */
const pageBytes = 500_000;

/** Fills pages in order, up-parties first. Cursor: how many parties the pages before held. */
export const pageOf = ({ version, track }: KeptTrack, from: number): TrackPage => {
  const parties = [
    ...track.up_parties.map((party) => ({ up: party })),
    ...track.down_parties.map((party) => ({ down: party })),
  ];
  const page: { up: UpParty[]; down: DownParty[] } = { up: [], down: [] };
  let bytes = 0;
  let index = from;
  for (; index < parties.length; index += 1) {
    const entry = parties[index]!;
    bytes += JSON.stringify(entry).length;
    if (bytes > pageBytes && index > from) break;
    if ('up' in entry) page.up.push(entry.up);
    else page.down.push(entry.down);
  }
  return {
    version,
    settings: track.settings,
    up_parties: page.up,
    down_parties: page.down,
    ...(index < parties.length && { next: String(index) }),
  };
};

/** Answers "read this track", page by page. */
export const readTrackPage = async (
  store: TrackStore,
  asked: { tenant: string; track: string; cursor?: string },
): Promise<Outcome<TrackPage, { refusal: 'not_found' }>> => {
  const kept = await store.read(asked.tenant, asked.track);
  if (!kept) return fail({ refusal: 'not_found' });
  const from = Number.parseInt(asked.cursor ?? '0', 10);
  return ok(pageOf(kept, Number.isSafeInteger(from) && from >= 0 ? from : 0));
};
