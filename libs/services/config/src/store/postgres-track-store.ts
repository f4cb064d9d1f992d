import { configurationChanged, type ChangedTrack } from '@corsac/contracts';
import { Batcher, poolOf, runStatement, transact, writeOutbox, type Database, type StatementValue } from '@corsac/data';
import type { Tenant } from '@corsac/model';
import type { EntityManager } from 'typeorm';
import type { DeclaredNote, KeptTrack, TrackChange, TrackStore } from '../tracks/track-store.js';
import type { DeclaredEntry } from '../users/declared-entries.js';
import { forgetDeclared, inTransaction, putDeclared, readDeclared } from './declared-rows.js';
import { putOnTheirWay } from './handover-rows.js';
import { holdLock, type LockWait } from './hold-lock.js';
import {
  keptTrack,
  putChanges,
  putTrackRows,
  readTracks,
  removeTrackRows,
  takeNumbers,
  type TrackRow,
} from './track-rows.js';

/** Changes are listed this far back; who asks for older ones reads everything anew. */
const changesKept = 10_000;
/** Changes told in one answer: with the longest names a quarter of what a NATS message may hold. */
const changesTold = 1_000;

const readsAtOnce = 4;

interface Place {
  readonly tenant: string;
  readonly track: string;
}

/** Configuration in Postgres. However many tracks are brought at once, they are some statements and one transaction. */
export class PostgresTrackStore implements TrackStore {
  /** Tracks that are asked for in the same moment are read together. */
  private readonly reads = new Batcher<Place, KeptTrack | undefined>({
    run: (places) => this.readThese(places),
    atOnce: readsAtOnce,
  });

  /** @param lock how to wait for another replica, and whom to tell */
  constructor(
    private readonly database: Database,
    private readonly lock: Pick<LockWait, 'onWait' | 'patience_s'> = {},
  ) {}

  read(tenant: string, track: string): Promise<KeptTrack | undefined> {
    return this.reads.add({ tenant, track });
  }

  async readAll(tenant: string, tracks: readonly string[]): Promise<ReadonlyMap<string, KeptTrack>> {
    const kept = await this.readThese(tracks.map((track) => ({ tenant, track })));
    return new Map(kept.flatMap((one, at) => (one ? [[tracks[at]!, one]] : [])));
  }

  private async readThese(places: readonly Place[]): Promise<(KeptTrack | undefined)[]> {
    const values = [places.map(({ tenant }) => tenant), places.map(({ track }) => track)];
    const rows = await this.query<TrackRow>('config.read_tracks', readTracks, values);
    const kept = new Map(rows.map((row) => [`${row.tenant}/${row.name}`, keptTrack(row)]));
    return places.map(({ tenant, track }) => kept.get(`${tenant}/${track}`));
  }

  async tenants(): Promise<Tenant[]> {
    const rows = await this.query<{ doc: Tenant }>('config.tenants', 'select doc from tenant order by name', []);
    return rows.map(({ doc }) => doc);
  }

  async tracksOf(tenant: string): Promise<string[]> {
    const rows = await this.query<{ name: string }>(
      'config.tracks',
      'select name from track where tenant = $1 order by name',
      [tenant],
    );
    return rows.map(({ name }) => name);
  }

  async putTenant(tenant: Tenant): Promise<void> {
    const text = `insert into tenant (name, doc) values ($1, $2)
      on conflict (name) do update set doc = excluded.doc where tenant.doc is distinct from excluded.doc`;
    await this.query('config.put_tenant', text, [tenant.name, JSON.stringify(tenant)]);
  }

  async declareTenant(tenant: Tenant): Promise<void> {
    const text = `insert into tenant (name, doc) values ($1, $2)
      on conflict (name) do update set doc = tenant.doc || excluded.doc where not tenant.doc @> excluded.doc`;
    await this.query('config.declare_tenant', text, [tenant.name, JSON.stringify(tenant)]);
  }

  async removeTenant(name: string): Promise<void> {
    await this.query('config.remove_tenant', 'delete from tenant where name = $1', [name]);
  }

  async write(tenant: string, changes: readonly TrackChange[]): Promise<ChangedTrack[]> {
    if (changes.length === 0) return [];
    return transact(this.database, async (manager) => {
      const first = await takeNumbers(manager, changes.length);
      await putTrackRows(manager, tenant, changes);
      // Sent and remembered in one step: what is remembered as sent is on its way, whatever dies.
      await putOnTheirWay(manager, tenant, changes);
      await rememberDeclared(
        manager,
        tenant,
        changes.map(({ track, users }) => ({ track: track.name, ...users })),
      );
      const changed = changes.map(({ track }, at) => ({ number: first + at, tenant, track: track.name }));
      await announce(manager, changed);
      return changed;
    });
  }

  async removeTracks(tenant: string, tracks: readonly string[]): Promise<ChangedTrack[]> {
    if (tracks.length === 0) return [];
    return transact(this.database, async (manager) => {
      const first = await takeNumbers(manager, tracks.length);
      const gone = await removeTrackRows(manager, tenant, tracks);
      const changed = gone.map((track, at) => ({ number: first + at, tenant, track, removed: true }));
      await announce(manager, changed);
      return changed;
    });
  }

  async changesAfter(number: number): Promise<{ latest: number; reset: boolean; changes: ChangedTrack[] }> {
    const rows = await this.query<{ latest: string; oldest: string | null }>(
      'config.latest',
      'select latest, (select min(number) from change) as oldest from change_counter',
      [],
    );
    const latest = Number(rows[0]?.latest ?? 0);
    const oldest = rows[0]?.oldest == null ? latest + 1 : Number(rows[0].oldest);
    // Too far back to tell, or a number that this installation has never given: the asker's memory is of another one.
    if (number > latest || (number > 0 && number < oldest - 1)) return { latest, reset: true, changes: [] };
    if (number === latest || number === 0) return { latest, reset: false, changes: [] };
    const changes = await this.query<{ number: string; tenant: string; track: string; removed: boolean }>(
      'config.changes',
      'select number, tenant, track, removed from change where number > $1 and number <= $2 order by number limit $3',
      [number, latest, changesTold],
    );
    const told = changes.map((row) => ({ ...row, number: Number(row.number) }));
    return { latest: told.length < changesTold ? latest : told[told.length - 1]!.number, reset: false, changes: told };
  }

  async appliedDigest(file: string): Promise<string | undefined> {
    const rows = await this.query<{ digest: string }>(
      'config.applied',
      'select digest from applied_file where name = $1',
      [file],
    );
    return rows[0]?.digest;
  }

  async noteApplied(file: string, digest: string): Promise<void> {
    const text = `insert into applied_file (name, digest) values ($1, $2)
      on conflict (name) do update set digest = excluded.digest, at = now()`;
    await this.query('config.note_applied', text, [file, digest]);
  }

  exclusively<T>(what: string, work: () => Promise<T>, patience_s?: number): Promise<T> {
    return holdLock(this.database, { ...this.lock, name: `corsac config ${what}`, patience_s }, work);
  }

  async declaredIn(tenant: string, tracks: readonly string[]): Promise<ReadonlyMap<string, DeclaredEntry[]>> {
    type Row = DeclaredEntry & { readonly track: string };
    const rows = await this.query<Row>('config.declared', readDeclared, [tenant, tracks]);
    const byTrack = new Map<string, DeclaredEntry[]>();
    for (const { track, ...entry } of rows) {
      const entries = byTrack.get(track) ?? [];
      entries.push(entry);
      byTrack.set(track, entries);
    }
    return byTrack;
  }

  async noteDeclared(tenant: string, notes: readonly DeclaredNote[]): Promise<void> {
    if (notes.every(({ declared, forgotten }) => declared.length === 0 && forgotten.length === 0)) return;
    await transact(this.database, (manager) => rememberDeclared(manager, tenant, notes));
  }

  private query<Row extends object>(name: string, text: string, values: StatementValue[]): Promise<Row[]> {
    return runStatement(poolOf(this.database), { name, text }, values);
  }
}

const rememberDeclared = async (
  manager: EntityManager,
  tenant: string,
  notes: readonly DeclaredNote[],
): Promise<void> => {
  const run = inTransaction(manager);
  await forgetDeclared(
    run,
    tenant,
    notes.flatMap(({ track, forgotten }) => forgotten.map((entry) => ({ ...entry, track }))),
  );
  await putDeclared(
    run,
    tenant,
    notes.flatMap(({ track, declared }) => declared.map((entry) => ({ ...entry, track }))),
  );
};

const announce = async (manager: EntityManager, changes: readonly ChangedTrack[]): Promise<void> => {
  if (changes.length === 0) return;
  await putChanges(manager, changes);
  const [oldest, newest] = [changes[0]!.number, changes[changes.length - 1]!.number];
  if (Math.floor(newest / 1000) > Math.floor((oldest - 1) / 1000))
    await manager.query('delete from change where number <= $1', [newest - changesKept]);
  await writeOutbox(
    manager,
    ...changes.map((change) => ({
      id: `configuration.changed/${change.number}`,
      subject: configurationChanged.subject,
      key: `${change.tenant}/${change.track}`,
      payload: change,
    })),
  );
};
