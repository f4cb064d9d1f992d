import { configurationChanged, type ChangedTrack } from '@corsac/contracts';
import { asStoreError, poolOf, transact, writeOutbox, type Database } from '@corsac/data';
import type { DownParty, Tenant, Track, UpParty } from '@corsac/model';
import type { EntityManager } from 'typeorm';
import type { KeptTrack, TrackChange, TrackStore } from '../tracks/track-store.js';
import type { DeclaredUsers } from '../users/declare-users.js';
import type { DeclaredEntry, EntryKind } from '../users/declared-entries.js';
import { supersede, type OnTheirWay, type WaitingBatch } from '../users/supersede.js';
import { holdLock, type LockWait } from './hold-lock.js';
import { forgetDeclared, inTransaction, putDeclared, readDeclared } from './declared-rows.js';

interface TrackRow {
  readonly version: number;
  readonly doc: Omit<Track, 'tenant' | 'up_parties' | 'down_parties'>;
  readonly parties: readonly { side: 'up' | 'down'; doc: UpParty | DownParty }[] | null;
}

/** Changes are listed this far back; who asks for older ones reads everything anew. */
const changesKept = 10_000;

const readText = `
  select t.version, t.doc, (
    select jsonb_agg(jsonb_build_object('side', p.side, 'doc', p.doc) order by p.side, p.name)
    from party p where p.tenant = t.tenant and p.track = t.name
  ) as parties
  from track t where t.tenant = $1 and t.name = $2`;

const putParty = `
  insert into party (tenant, track, side, name, version, doc) values ($1, $2, $3, $4, $5, $6)
  on conflict (tenant, track, side, name) do update set version = excluded.version, doc = excluded.doc
  where party.doc is distinct from excluded.doc`;

/** Configuration in Postgres. A track is read in one statement and written in one transaction. */
export class PostgresTrackStore implements TrackStore {
  /** @param lock how to wait for another replica, and whom to tell */
  constructor(
    private readonly database: Database,
    private readonly lock: Pick<LockWait, 'onWait' | 'patience_s'> = {},
  ) {}

  async read(tenant: string, track: string): Promise<KeptTrack | undefined> {
    const [row] = await this.query<TrackRow>('config.read_track', readText, [tenant, track]);
    if (!row) return undefined;
    const of = (side: 'up' | 'down') =>
      (row.parties ?? []).filter((party) => party.side === side).map(({ doc }) => doc);
    return {
      version: row.version,
      track: { ...row.doc, tenant, up_parties: of('up') as UpParty[], down_parties: of('down') as DownParty[] },
    };
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
    const text = 'insert into tenant (name, doc) values ($1, $2) on conflict (name) do update set doc = excluded.doc';
    await this.query('config.put_tenant', text, [tenant.name, JSON.stringify(tenant)]);
  }

  async write(change: TrackChange): Promise<ChangedTrack> {
    const { tenant, up_parties, down_parties, ...head } = change.track;
    return transact(this.database, async (manager) => {
      const number = await nextNumber(manager);
      const [{ version } = { version: 1 }] = await manager.query<{ version: number }[]>(
        `insert into track (tenant, name, version, doc) values ($1, $2, 1, $3)
         on conflict (tenant, name) do update set version = track.version + 1, doc = excluded.doc, updated_at = now()
         returning version`,
        [tenant, head.name, JSON.stringify(head)],
      );
      for (const party of up_parties)
        await manager.query(putParty, [tenant, head.name, 'up', party.name, version, JSON.stringify(party)]);
      for (const party of down_parties)
        await manager.query(putParty, [tenant, head.name, 'down', party.name, version, JSON.stringify(party)]);
      for (const [side, names] of [
        ['up', change.removed.up_parties],
        ['down', change.removed.down_parties],
      ] as const) {
        if (names.length > 0)
          await manager.query('delete from party where tenant = $1 and track = $2 and side = $3 and name = any($4)', [
            tenant,
            head.name,
            side,
            names,
          ]);
      }
      await this.handOver(manager, change);
      return this.announce(manager, { number, tenant, track: head.name });
    });
  }

  async removeTrack(tenant: string, track: string): Promise<ChangedTrack | undefined> {
    return transact(this.database, async (manager) => {
      const number = await nextNumber(manager);
      const removed = await manager.query<[unknown[], number]>(
        'delete from track where tenant = $1 and name = $2 returning name',
        [tenant, track],
      );
      if (removed[1] === 0) return undefined;
      return this.announce(manager, { number, tenant, track, removed: true });
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
      'select number, tenant, track, removed from change where number > $1 and number <= $2 order by number limit 10000',
      [number, latest],
    );
    return { latest, reset: false, changes: changes.map((row) => ({ ...row, number: Number(row.number) })) };
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

  exclusively<T>(what: string, work: () => Promise<T>): Promise<T> {
    return holdLock(this.database, { ...this.lock, name: `corsac config ${what}` }, work);
  }

  async declaredIn(tenant: string, track: string): Promise<DeclaredEntry[]> {
    return this.query<DeclaredEntry>('config.declared', readDeclared, [tenant, track]);
  }

  async noteDeclared(
    tenant: string,
    track: string,
    { declared, forgotten }: Pick<DeclaredUsers, 'declared' | 'forgotten'>,
  ): Promise<void> {
    if (declared.length === 0 && forgotten.length === 0) return;
    await transact(this.database, async (manager) => {
      await forgetDeclared(inTransaction(manager), { tenant, track }, forgotten);
      await putDeclared(inTransaction(manager), { tenant, track }, declared);
    });
  }

  /** Sent and remembered in one step: what is remembered as sent is on its way, whatever dies. */
  private async handOver(manager: EntityManager, { track: { tenant, name }, users }: TrackChange): Promise<void> {
    const place = { tenant, track: name };
    await handOverBatches(manager, { ...place, kind: 'user' }, users.users);
    await handOverBatches(manager, { ...place, kind: 'external_user' }, users.external_users);
    await forgetDeclared(inTransaction(manager), place, users.forgotten);
    await putDeclared(inTransaction(manager), place, users.declared);
  }

  private async announce(manager: EntityManager, change: ChangedTrack): Promise<ChangedTrack> {
    const { number, tenant, track, removed = false } = change;
    await manager.query('insert into change (number, tenant, track, removed) values ($1, $2, $3, $4)', [
      number,
      tenant,
      track,
      removed,
    ]);
    if (number % 1000 === 0) await manager.query('delete from change where number <= $1', [number - changesKept]);
    await writeOutbox(manager, {
      id: `configuration.changed/${number}`,
      subject: configurationChanged.subject,
      key: `${tenant}/${track}`,
      payload: change,
    });
    return change;
  }

  private async query<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await poolOf(this.database).query<Row>({ name, text, values })).rows;
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

const handOverBatches = async (
  manager: EntityManager,
  { tenant, track, kind }: { tenant: string; track: string; kind: EntryKind },
  declared: readonly OnTheirWay[],
): Promise<void> => {
  if (declared.length === 0) return;
  const batch = 200;
  const waiting = await manager.query<WaitingBatch<OnTheirWay>[]>(
    'select id, users from user_handover where tenant = $1 and track = $2 and kind = $3 order by id for update',
    [tenant, track, kind],
  );
  const { users, left } = supersede(declared, waiting);
  // An emptied batch stays until its turn: it may be on its way just now, and what is newer has to wait for that.
  for (const { id, users: others } of left)
    await manager.query('update user_handover set users = $2 where id = $1', [id, JSON.stringify(others)]);
  for (let from = 0; from < users.length; from += batch) {
    const some = JSON.stringify(users.slice(from, from + batch));
    await manager.query('insert into user_handover (tenant, track, kind, users) values ($1, $2, $3, $4)', [
      tenant,
      track,
      kind,
      some,
    ]);
  }
};

const nextNumber = async (manager: EntityManager): Promise<number> => {
  const rows = await manager.query<[{ latest: string }[], number]>(
    'update change_counter set latest = latest + 1 returning latest',
  );
  return Number(rows[0][0]?.latest);
};
