import { configurationChangedNotice, type Bus, type ChangedTrack } from '@corsac/contracts';
import { refuseNotYet, under, validateTrack, type Problem, type Track, type WrittenTrack } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { notYetAvailable } from '../../apply/not-yet.js';
import type { PrepareSecrets } from '../../secrets/prepare.js';
import type { TrackChange, TrackStore } from '../../tracks/track-store.js';
import { fieldErrorsOf, invalid, notFound, type Answered, type Refusal } from '../api/refusal.js';

/** Which part of a track was sent: its problems are told by the fields of what was sent. */
export type Part =
  { readonly list: 'up_parties' | 'down_parties'; readonly name: string } | { readonly list: 'settings' };

/** What a track is to become. */
export interface Edited {
  /** Everything but the edited part is as it is kept. */
  readonly track: Omit<WrittenTrack, 'users'>;
  /** Names of parties that are to go. */
  readonly removed?: Partial<TrackChange['removed']>;
  /** Whose problems are told by their own fields. */
  readonly part?: Part;
}

export interface EditorParts {
  readonly store: TrackStore;
  readonly secrets: () => PrepareSecrets;
  readonly bus: Bus;
}

/** Seconds that a call waits for whoever is changing the configuration just now. */
const patienceS = 2;
/** Changes that wait for their turn in this process. */
const mostWaiting = 100;

const busy: { readonly ok: false; readonly error: Refusal } = {
  ok: false,
  error: {
    status: 503,
    title: 'Not available for the moment.',
    detail: 'The configuration is being changed by somebody else. Please send the change again.',
  },
};

/** Nothing of declared users changes with a track's parties and settings. */
export const noUsers = { users: [], external_users: [], declared: [], forgotten: [] } as const;

/** Changes tracks one at a time: read, changed, looked at as a whole and written before anybody else changes anything. */
export class TrackEditor {
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly parts: EditorParts) {}

  get store(): TrackStore {
    return this.parts.store;
  }

  /** The track as it is kept. */
  async read(tenant: string, track: string): Promise<Answered<Track>> {
    const kept = await this.parts.store.read(tenant, track);
    return kept ? ok(kept.track) : notFound(`track ${track} in tenant ${tenant}`);
  }

  /** Runs `work` while nobody else, this replica or another, changes configuration. */
  async alone<T>(work: () => Promise<Answered<T>>): Promise<Answered<T>> {
    if (this.waiting >= mostWaiting) return busy;
    this.waiting += 1;
    // One after the other also within this process: whoever waits for the lock holds a connection, which the work needs too.
    const done = this.last.then(() => this.locked(work));
    this.last = done.then(
      () => undefined,
      () => undefined,
    );
    return done.finally(() => (this.waiting -= 1));
  }

  private locked<T>(work: () => Promise<Answered<T>>): Promise<Answered<T>> {
    return this.parts.store.exclusively('apply', work, patienceS).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'LockHeld') throw error;
      return busy;
    });
  }

  /**
   * Changes a track that is there.
   * @param edit from how the track is kept to what it is to become; what it refuses changes nothing
   * @returns the track before and after
   */
  edit(
    tenant: string,
    track: string,
    edit: (kept: Track) => Answered<Edited>,
  ): Promise<Answered<{ before: Track; after: Track }>> {
    return this.alone(async () => {
      const kept = await this.read(tenant, track);
      if (!kept.ok) return kept;
      const edited = edit(kept.value);
      if (!edited.ok) return edited;
      const after = await this.write(tenant, edited.value, kept.value);
      return after.ok ? ok({ before: kept.value, after: after.value }) : after;
    });
  }

  /** Writes a whole track; whoever calls this holds the configuration alone. */
  async write(
    tenant: string,
    { track, removed, part }: Edited,
    kept: Track | undefined,
    users: TrackChange['users'] = noUsers,
  ): Promise<Answered<Track>> {
    const written: WrittenTrack = { ...track, users: [] };
    const problems = validateTrack(written);
    if (problems.length > 0) return invalid(fieldErrorsOf(problems.map((problem) => asSent(problem, written, part))));
    const prepared = await this.parts.secrets().track(tenant, written, kept);
    const gone = { up_parties: removed?.up_parties ?? [], down_parties: removed?.down_parties ?? [] };
    await this.tell(await this.parts.store.write(tenant, [{ track: prepared, users, removed: gone }]));
    return ok(prepared);
  }

  async remove(tenant: string, tracks: readonly string[]): Promise<void> {
    await this.tell(await this.parts.store.removeTracks(tenant, tracks));
  }

  private async tell(changes: readonly ChangedTrack[]): Promise<void> {
    if (changes.length > 0) await this.parts.bus.publish(configurationChangedNotice, { changes: [...changes] });
  }
}

/** Settings of what was sent that would have no effect are refused by their names. */
export const withoutEffect = (sent: unknown, list: Part['list']): Problem[] =>
  refuseNotYet(sent, notYetAvailable, list);

/** A problem of the part that was sent stands at its own field; one elsewhere in the track keeps its place there. */
const asSent = ({ path, ...rest }: Problem, track: WrittenTrack, part: Part | undefined): Problem => {
  const [list, at, ...below] = path;
  if (!part || list !== part.list) return placed({ path, ...rest }, track);
  if (part.list === 'settings') return { ...rest, path: path.slice(1) };
  const party = track[part.list][Number(at)];
  return party?.name === part.name ? { ...rest, path: below } : placed({ path, ...rest }, track);
};

/** Of another party its name says more than its place in the list. */
const placed = (problem: Problem, track: WrittenTrack): Problem => {
  const [list, at, ...below] = problem.path;
  const party = list === 'up_parties' || list === 'down_parties' ? track[list][Number(at)] : undefined;
  return party ? under([String(list), party.name], [{ ...problem, path: below }])[0]! : problem;
};
