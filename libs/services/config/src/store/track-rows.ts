import type { EntityManager } from 'typeorm';
import type { ChangedTrack } from '@corsac/contracts';
import type { DownParty, Track, UpParty } from '@corsac/model';
import type { KeptTrack, TrackChange } from '../tracks/track-store.js';

/** A track with its parties, as one row. */
export interface TrackRow {
  readonly tenant: string;
  readonly name: string;
  readonly version: number;
  readonly doc: Omit<Track, 'tenant' | 'up_parties' | 'down_parties'>;
  readonly parties: readonly { side: 'up' | 'down'; doc: UpParty | DownParty }[] | null;
}

export const readTracks = `
  select t.tenant, t.name, t.version, t.doc, (
    select jsonb_agg(jsonb_build_object('side', p.side, 'doc', p.doc) order by p.side, p.name)
    from party p where p.tenant = t.tenant and p.track = t.name
  ) as parties
  from unnest($1::text[], $2::text[]) as asked (tenant, name) join track t on t.tenant = asked.tenant and t.name = asked.name`;

export const keptTrack = ({ tenant, version, doc, parties }: TrackRow): KeptTrack => {
  const of = (side: 'up' | 'down') => (parties ?? []).filter((party) => party.side === side).map((party) => party.doc);
  return {
    version,
    track: { ...doc, tenant, up_parties: of('up') as UpParty[], down_parties: of('down') as DownParty[] },
  };
};

const putTracks = `
  insert into track (tenant, name, version, doc)
  select $1, name, 1, doc from jsonb_to_recordset($2::jsonb) as t (name text, doc jsonb)
  on conflict (tenant, name) do update set version = track.version + 1, doc = excluded.doc, updated_at = now()`;

const putParties = `
  insert into party (tenant, track, side, name, version, doc)
  select $1, p.track, p.side, p.name, t.version, p.doc
  from jsonb_to_recordset($2::jsonb) as p (track text, side text, name text, doc jsonb)
  join track t on t.tenant = $1 and t.name = p.track
  on conflict (tenant, track, side, name) do update set version = excluded.version, doc = excluded.doc
  where party.doc is distinct from excluded.doc`;

const removeParties = `
  delete from party p using jsonb_to_recordset($2::jsonb) as gone (track text, side text, name text)
  where p.tenant = $1 and p.track = gone.track and p.side = gone.side and p.name = gone.name`;

/** Writes tracks of a tenant with their parties: three statements, however many they are. */
export const putTrackRows = async (
  manager: EntityManager,
  tenant: string,
  changes: readonly TrackChange[],
): Promise<void> => {
  const heads = changes.map(({ track: { tenant: _tenant, up_parties, down_parties, ...doc } }) => ({
    name: doc.name,
    doc,
  }));
  const parties = changes.flatMap(({ track }) => [
    ...track.up_parties.map((doc) => ({ track: track.name, side: 'up', name: doc.name, doc })),
    ...track.down_parties.map((doc) => ({ track: track.name, side: 'down', name: doc.name, doc })),
  ]);
  const removed = changes.flatMap(({ track, removed: { up_parties, down_parties } }) => [
    ...up_parties.map((name) => ({ track: track.name, side: 'up', name })),
    ...down_parties.map((name) => ({ track: track.name, side: 'down', name })),
  ]);
  await manager.query(putTracks, [tenant, JSON.stringify(heads)]);
  if (parties.length > 0) await manager.query(putParties, [tenant, JSON.stringify(parties)]);
  if (removed.length > 0) await manager.query(removeParties, [tenant, JSON.stringify(removed)]);
};

/** Takes tracks of a tenant away. @returns the names of those that were there */
export const removeTrackRows = async (
  manager: EntityManager,
  tenant: string,
  names: readonly string[],
): Promise<string[]> => {
  const [rows] = await manager.query<[{ name: string }[], number]>(
    'delete from track where tenant = $1 and name = any($2) returning name',
    [tenant, names],
  );
  return rows.map(({ name }) => name);
};

/** Whoever changes anything takes its numbers first and holds them until its commit: they are seen in their order. */
export const takeNumbers = async (manager: EntityManager, count: number): Promise<number> => {
  const [[row]] = await manager.query<[[{ latest: string }], number]>(
    'update change_counter set latest = latest + $1 returning latest',
    [count],
  );
  return Number(row.latest) - count + 1;
};

/** Lists changes by their numbers. */
export const putChanges = async (manager: EntityManager, changes: readonly ChangedTrack[]): Promise<void> => {
  await manager.query(
    `insert into change (number, tenant, track, removed)
     select number, tenant, track, coalesce(removed, false)
     from jsonb_to_recordset($1::jsonb) as c (number bigint, tenant text, track text, removed boolean)`,
    [JSON.stringify(changes)],
  );
};
