import { controlParties, type DownParty, type TrackSettings, type UpParty } from '@corsac/model';
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

/** A track as the other services know it: with the parties of Control, which follow from it and are kept nowhere. */
const withControlParties = ({ version, track }: KeptTrack, base_url: string): KeptTrack => ({
  version,
  track: { ...track, down_parties: [...track.down_parties, ...controlParties(track, base_url)] },
});

export interface ReadTrackParts {
  readonly store: Pick<TrackStore, 'read'>;
  /** `CORSAC_BASE_URL`. */
  readonly base_url: string;
}

/** Answers "read this track", page by page. */
export const readTrackPage = async (
  { store, base_url }: ReadTrackParts,
  asked: { tenant: string; track: string; cursor?: string },
): Promise<Outcome<TrackPage, { refusal: 'not_found' }>> => {
  const kept = await store.read(asked.tenant, asked.track);
  if (!kept) return fail({ refusal: 'not_found' });
  const from = Number.parseInt(asked.cursor ?? '0', 10);
  return ok(pageOf(withControlParties(kept, base_url), Number.isSafeInteger(from) && from >= 0 ? from : 0));
};
