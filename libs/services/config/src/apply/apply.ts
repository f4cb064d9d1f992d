import type { Fingerprinter } from '@corsac/data';
import { configurationChangedNotice, type Bus, type ChangedTrack } from '@corsac/contracts';
import {
  parseDeclarative,
  planChanges,
  type Change,
  type DeclarativeFile,
  type DesiredTenant,
  type FileProblem,
  type Track,
  type WrittenTrack,
} from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import type { PrepareSecrets } from '../secrets/prepare.js';
import type { TrackStore } from '../tracks/track-store.js';
import { declareUsers } from '../users/declare-users.js';
import { DeclaredEntries } from '../users/declared-entries.js';
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
}

/**
 * Brings the installation to what files want: nothing at all when any file is wrong, all or nothing per track otherwise,
 * and nothing is deleted without `prune`.
 */
export const applyDeclarative = async (
  parts: ApplyParts,
  files: readonly DeclarativeFile[],
  options: ApplyOptions,
): Promise<Outcome<Applied, FileProblem[]>> => {
  const desired = parseDeclarative(files, { env: options.env, notYet: notYetAvailable });
  if (!desired.ok) return desired;
  const secrets = parts.secrets();
  const applied: Applied = { changes: [], tracks: [] };
  for (const tenant of desired.value.tenants)
    await applyTenant(parts, { tenant, secrets, prune: options.prune ?? false }, applied);
  if (applied.tracks.length > 0)
    await parts.bus.publish(configurationChangedNotice, { changes: applied.tracks.slice(-1000) });
  return ok(applied);
};

interface TenantWork {
  readonly tenant: DesiredTenant;
  readonly secrets: PrepareSecrets;
  readonly prune: boolean;
}

const applyTenant = async (
  parts: ApplyParts,
  { tenant, secrets, prune }: TenantWork,
  applied: Applied,
): Promise<void> => {
  const { tracks, ...head } = tenant;
  await parts.store.putTenant(head);
  for (const track of tracks) await applyTrack(parts, { tenant: tenant.name, track, secrets, prune }, applied);
  if (!prune) return;
  const gone = (await parts.store.tracksOf(tenant.name)).filter(
    (name) => name !== 'master' && !tracks.some((track) => track.name === name),
  );
  for (const name of gone) {
    const removed = await parts.store.removeTrack(tenant.name, name);
    applied.changes.push({ action: 'delete', kind: 'track', tenant: tenant.name, track: name });
    if (removed) applied.tracks.push(removed);
  }
};

const applyTrack = async (
  parts: ApplyParts,
  {
    tenant,
    track: written,
    secrets,
    prune,
  }: { tenant: string; track: WrittenTrack; secrets: PrepareSecrets; prune: boolean },
  applied: Applied,
): Promise<void> => {
  const kept = await parts.store.read(tenant, written.name);
  const track = await secrets.track(tenant, written, kept?.track);
  const plan = planChanges(
    { tenants: kept ? [{ name: tenant, tracks: [kept.track] }] : [{ name: tenant, tracks: [] }] },
    { tenants: [{ name: tenant, tracks: [track] }] },
    prune,
  );
  const entries = new DeclaredEntries(
    parts.declared,
    { tenant, track: written.name },
    await parts.store.declaredIn(tenant, written.name),
  );
  const users = await declareUsers(entries, written, (user) => secrets.user(user));
  if (plan.length === 0 && users.users.length === 0 && users.external_users.length === 0) {
    if (kept) await parts.store.noteDeclared(tenant, written.name, users);
    return;
  }
  const gone = (kind: Change['kind']) =>
    plan.filter((change) => change.action === 'delete' && change.kind === kind).map(({ name }) => name ?? '');
  const removed = { up_parties: gone('up_party'), down_parties: gone('down_party') };
  applied.tracks.push(await parts.store.write({ track: track as Track, removed, users }));
  applied.changes.push(...plan);
};
