import type { Fingerprinter } from '@corsac/data';
import { configurationChangedNotice, type Bus, type ChangedTrack } from '@corsac/contracts';
import {
  planChanges,
  readDeclarative,
  type Change,
  type DeclarativeFile,
  type DesiredTenant,
  type FileProblem,
  type Track,
  type WrittenTrack,
} from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { PrepareSecrets } from '../secrets/prepare.js';
import type { TrackChange, TrackStore } from '../tracks/track-store.js';
import { declareUsers } from '../users/declare-users.js';
import { DeclaredEntries } from '../users/declared-entries.js';
import { inTurns } from './in-turns.js';
import { notYetAvailable } from './not-yet.js';

export interface ApplyParts {
  readonly store: TrackStore;
  /** A new one per application: it remembers hashes only so long. */
  readonly secrets: () => PrepareSecrets;
  readonly bus: Bus;
  /** Of purpose `declared-entry`: recognises what a file said before without keeping it. */
  readonly declared: Fingerprinter;
}

export interface Applied {
  /** Steps carried out, secrets left out. */
  readonly changes: Change[];
  readonly tracks: ChangedTrack[];
}

export interface ApplyOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly prune?: boolean;
  /** Only this tenant may be in the files. */
  readonly tenant?: string;
  /** Tells what would change and changes nothing. */
  readonly plan_only?: boolean;
}

/**
 * Brings the installation to what files want: nothing at all when any file is wrong, all or nothing per track otherwise,
 * and nothing is deleted without `prune`. What was interrupted is finished by applying the same once more.
 */
export const applyDeclarative = async (
  parts: ApplyParts,
  files: readonly DeclarativeFile[],
  options: ApplyOptions,
): Promise<Outcome<Applied, FileProblem[]>> => {
  const desired = await inTurns(readDeclarative(files, { env: options.env, notYet: notYetAvailable }));
  if (!desired.ok) return desired;
  const others = otherTenants(desired.value.tenants, files, options.tenant);
  if (others.length > 0) return fail(others);
  const work = { secrets: parts.secrets(), prune: options.prune ?? false, write: !options.plan_only };
  const applied: Applied = { changes: [], tracks: [] };
  for (const tenant of desired.value.tenants) await applyTenant(parts, tenant, work, applied);
  return ok(applied);
};

const otherTenants = (
  tenants: readonly DesiredTenant[],
  files: readonly DeclarativeFile[],
  only: string | undefined,
): FileProblem[] => {
  const strangers = only === undefined ? [] : tenants.filter(({ name }) => name !== only);
  const place = { file: files[0]?.file ?? '', line: 1, column: 1, field: '' };
  return strangers.map(({ name }) => ({
    ...place,
    message: `is about the tenant ${name}`,
    mend: `Only ${only} is changed here.`,
  }));
};

/** What is the same for all tracks of an application. */
interface Work {
  readonly secrets: PrepareSecrets;
  readonly prune: boolean;
  readonly write: boolean;
}

const applyTenant = async (
  parts: ApplyParts,
  { tracks, ...head }: DesiredTenant,
  work: Work,
  applied: Applied,
): Promise<void> => {
  if (work.write) await parts.store.putTenant(head);
  for (const some of portionsOf(tracks)) {
    const { plan, changed } = await applyTracks(parts, head.name, some, work);
    for (const change of plan) applied.changes.push(change);
    await tell(parts.bus, changed, applied);
  }
  if (!work.prune) return;
  const named = new Set(tracks.map(({ name }) => name));
  const gone = (await parts.store.tracksOf(head.name)).filter((name) => name !== 'master' && !named.has(name));
  for (const track of gone) applied.changes.push({ action: 'delete', kind: 'track', tenant: head.name, track });
  for (let at = 0; work.write && at < gone.length; at += mostTracks)
    await tell(parts.bus, await parts.store.removeTracks(head.name, gone.slice(at, at + mostTracks)), applied);
};

/** Caches hear of each portion as soon as it stands: their notice stays small, and what they hold is never old for long. */
const tell = async (bus: Bus, changes: readonly ChangedTrack[], applied: Applied): Promise<void> => {
  if (changes.length === 0) return;
  for (const change of changes) applied.tracks.push(change);
  await bus.publish(configurationChangedNotice, { changes: [...changes] });
};

interface Plan {
  readonly plan: readonly Change[];
  readonly changed: readonly ChangedTrack[];
}

/** Compares tracks with what is kept, and writes those that differ: a few statements in all, however many tracks they are. */
const applyTracks = async (
  parts: ApplyParts,
  tenant: string,
  written: readonly WrittenTrack[],
  { secrets, prune, write }: Work,
): Promise<Plan> => {
  const names = written.map(({ name }) => name);
  const kept = await parts.store.readAll(tenant, names);
  const declared = await parts.store.declaredIn(tenant, names);
  const compared = await Promise.all(
    written.map(async (one) => {
      const before = kept.get(one.name);
      const track = await secrets.track(tenant, one, before?.track);
      const entries = new DeclaredEntries(parts.declared, { tenant, track: one.name }, declared.get(one.name) ?? []);
      const users = await declareUsers(entries, one, (user) => secrets.user(user));
      return { track, users, plan: planTrack(before?.track, track, prune) };
    }),
  );
  const plan = compared.flatMap((one) => one.plan);
  if (!write) return { plan, changed: [] };
  const isChanged = ({ plan, users }: (typeof compared)[number]): boolean =>
    plan.length > 0 || users.users.length > 0 || users.external_users.length > 0;
  const same = compared.filter((one) => !isChanged(one) && kept.has(one.track.name));
  await parts.store.noteDeclared(
    tenant,
    same.map(({ track, users }) => ({ track: track.name, ...users })),
  );
  const changed = await parts.store.write(
    tenant,
    compared.filter(isChanged).map(({ track, users, plan }) => ({ track, users, removed: removedBy(plan) })),
  );
  return { plan, changed };
};

const planTrack = (before: Track | undefined, track: Track, prune: boolean): Change[] => {
  const { tenant: name } = track;
  const tracks = before ? [before] : [];
  return planChanges({ tenants: [{ name, tracks }] }, { tenants: [{ name, tracks: [track] }] }, prune);
};

const removedBy = (plan: readonly Change[]): TrackChange['removed'] => {
  const gone = (kind: Change['kind']) =>
    plan.filter((change) => change.action === 'delete' && change.kind === kind).map(({ name }) => name ?? '');
  return { up_parties: gone('up_party'), down_parties: gone('down_party') };
};

const mostTracks = 100;
/** Parties and users: with so many of them a portion is whole, however few its tracks are. */
const mostEntries = 1_000;

/** Tracks that are compared and written together: few enough for a slow machine to write them in the time that statements have. */
const portionsOf = (tracks: readonly WrittenTrack[]): WrittenTrack[][] => {
  const portions: WrittenTrack[][] = [];
  let entries = mostEntries;
  for (const track of tracks) {
    if (entries >= mostEntries || portions[portions.length - 1]!.length >= mostTracks) {
      portions.push([]);
      entries = 0;
    }
    portions[portions.length - 1]!.push(track);
    entries += track.up_parties.length + track.down_parties.length;
    entries += track.users.length + (track.external_users?.length ?? 0);
  }
  return portions;
};
