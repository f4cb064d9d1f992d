import type { Statement } from '@corsac/data';
import type { ChangedKeys, DueClaim, KeyChange, KeyStore, StoredKeys, TrackName } from '../keys/key-store.js';
import type { TrackKey } from '../keys/track-key.js';
import { statement, type Sql } from './sql.js';

const columns = 'kid, alg, state, jwk, sealed, certificate, created, current_from, ends';
const named = 'select * from unnest($1::text[], $2::text[])';

const readRevisions = statement(
  'keys.revisions',
  `select tenant, track, revision from key_track where (tenant, track) in (${named})`,
);
const readKeys = statement(
  'keys.read',
  `select tenant, track, ${columns} from signing_key where (tenant, track) in (${named}) order by created, kid`,
);
const note = statement('keys.note', `insert into key_track (tenant, track) ${named} on conflict do nothing`);
const lock = statement(
  'keys.lock',
  `select from key_track where (tenant, track) in (${named}) order by tenant, track for update`,
);
const hasten = statement(
  'keys.hasten',
  `insert into key_track as known (tenant, track) ${named} order by 1, 2
   on conflict (tenant, track) do update set due_at = 0 where known.due_at > 0`,
);
const schedule = statement(
  'keys.schedule',
  `update key_track k set due_at = s.due_at, revision = k.revision + s.changed::int,
     changed_at = case when s.changed then now() else k.changed_at end
   from jsonb_to_recordset($1::jsonb) as s (tenant text, track text, due_at bigint, changed boolean)
   where k.tenant = s.tenant and k.track = s.track`,
);
const add = statement(
  'keys.add',
  `insert into signing_key (tenant, track, ${columns})
   select tenant, track, ${columns} from jsonb_to_recordset($1::jsonb) as a (tenant text, track text, kid text, alg text,
     state text, jwk jsonb, sealed text, certificate text, created bigint, current_from bigint, ends bigint)`,
);
const move = statement(
  'keys.move',
  `update signing_key k set state = m.to, current_from = coalesce(m.current_from, k.current_from), ends = m.ends,
     sealed = case when m.to = 'retired' then null else k.sealed end
   from jsonb_to_recordset($1::jsonb)
     as m (tenant text, track text, kid text, "to" text, current_from bigint, ends bigint)
   where k.tenant = m.tenant and k.track = m.track and k.kid = m.kid`,
);
const claimDue = statement(
  'keys.claim_due',
  `update key_track set due_at = $1::bigint + $3::bigint where (tenant, track) in (
     select tenant, track from key_track where due_at <= $4::bigint order by due_at limit $2 for update skip locked
   ) returning tenant, track`,
);
const changedSince = statement(
  'keys.changed_since',
  `select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms, changed.tenant, changed.track, changed.revision
   from (select 1) one left join key_track changed on changed.changed_at >= to_timestamp($1::double precision / 1000)`,
);
const removeKeys = statement('keys.remove', 'delete from signing_key where tenant = $1 and track = $2');
const removeTrack = statement('keys.remove_track', 'delete from key_track where tenant = $1 and track = $2');

type KeyRow = Omit<TrackKey, 'created' | 'current_from' | 'ends' | 'sealed' | 'certificate'> & {
  readonly created: string;
  readonly current_from: string;
  readonly ends: string | null;
  readonly sealed: string | null;
  readonly certificate: string | null;
};

/** node-postgres gives bigint as text. */
const keyOf = ({ sealed, certificate, ends, ...row }: KeyRow): TrackKey => ({
  ...row,
  created: Number(row.created),
  current_from: Number(row.current_from),
  ...(sealed !== null && { sealed }),
  ...(certificate !== null && { certificate }),
  ...(ends !== null && { ends: Number(ends) }),
});

const latestMs = 253_402_300_799_000;

/** Signing keys in Postgres; private halves arrive here sealed and leave it sealed. */
export class PostgresKeyStore implements KeyStore {
  constructor(private readonly sql: Sql) {}

  async read(name: TrackName): Promise<StoredKeys> {
    const [stored] = await this.readAll([name]);
    return stored ?? { keys: [], revision: 0 };
  }

  async readAll(names: readonly TrackName[]): Promise<StoredKeys[]> {
    if (names.length === 0) return [];
    const at = columnsOf(names);
    const known = await this.sql.run<TrackName & { revision: number }>(readRevisions, at);
    const rows = known.length > 0 ? await this.sql.run<KeyRow & TrackName>(readKeys, at) : [];
    const keys = byTrack(rows);
    const revisions = new Map(known.map((row) => [placeOf(row), row.revision]));
    return names.map((name) => {
      const revision = revisions.get(placeOf(name));
      return revision === undefined ? { keys: [], revision: 0 } : { keys: keys(name), revision };
    });
  }

  async change(
    names: readonly TrackName[],
    decide: (keys: readonly TrackKey[], at: number) => KeyChange,
  ): Promise<boolean[]> {
    if (names.length === 0) return [];
    await this.note(names);
    return this.sql.transact(async (sql) => {
      const at = columnsOf(names);
      // The rows are where replicas queue; who gets them second reads what the first has committed.
      await sql.run(lock, at);
      const keys = byTrack(await sql.run<KeyRow & TrackName>(readKeys, at));
      const changes = names.map((name, index) => ({ ...placed(name), ...decide(keys(name), index) }));
      await write(sql, changes);
      return changes.map(isChange);
    });
  }

  async note(names: readonly TrackName[]): Promise<void> {
    if (names.length > 0) await this.sql.run(note, columnsOf(names));
  }

  async hasten(names: readonly TrackName[]): Promise<void> {
    if (names.length > 0) await this.sql.run(hasten, columnsOf(names));
  }

  claimDue({ now, until, limit, lease_s }: DueClaim): Promise<TrackName[]> {
    return this.sql.run<TrackName>(claimDue, [now, limit, lease_s, until]);
  }

  async changedSince(at_ms: number): Promise<{ changed: ChangedKeys[]; now_ms: number }> {
    type Row = { now_ms: string; tenant: string | null; track: string | null; revision: number | null };
    const rows = await this.sql.run<Row>(changedSince, [Math.min(at_ms, latestMs)]);
    const changed = rows.flatMap(({ tenant, track, revision }) =>
      tenant !== null && track !== null ? [{ tenant, track, revision: revision ?? 0 }] : [],
    );
    return { changed, now_ms: Number(rows[0]?.now_ms ?? 0) };
  }

  async remove({ tenant, track }: TrackName): Promise<void> {
    await this.sql.transact(async (sql) => {
      await sql.run(removeKeys, [tenant, track]);
      await sql.run(removeTrack, [tenant, track]);
    });
  }
}

type PlacedChange = TrackName & KeyChange;

/** A transaction's part: four statements at most, however many tracks change. */
const write = async (sql: Pick<Sql, 'run'>, changes: readonly PlacedChange[]): Promise<void> => {
  const moves = changes.flatMap((change) => change.moves.map((one) => ({ ...placed(change), ...one })));
  const added = changes.flatMap((change) => change.add.map((key) => ({ ...placed(change), ...key })));
  const list = (statement: Statement, rows: readonly object[]): Promise<unknown> =>
    rows.length > 0 ? sql.run(statement, [JSON.stringify(rows)]) : Promise.resolve();
  // First those that stop signing: only one of an algorithm may be current at any time.
  await list(
    move,
    moves.filter(({ to }) => to !== 'current'),
  );
  await list(
    move,
    moves.filter(({ to }) => to === 'current'),
  );
  await list(add, added);
  await list(
    schedule,
    changes.map((change) => ({ ...placed(change), due_at: change.due_at, changed: isChange(change) })),
  );
};

const isChange = ({ moves, add: added }: KeyChange): boolean => moves.length + added.length > 0;

const placed = ({ tenant, track }: TrackName): TrackName => ({ tenant, track });
const placeOf = ({ tenant, track }: TrackName): string => `${tenant}/${track}`;

const byTrack = (rows: readonly (KeyRow & TrackName)[]): ((name: TrackName) => TrackKey[]) => {
  const found = new Map<string, TrackKey[]>();
  for (const { tenant, track, ...row } of rows) {
    const place = placeOf({ tenant, track });
    const keys = found.get(place) ?? [];
    keys.push(keyOf(row));
    found.set(place, keys);
  }
  return (name) => found.get(placeOf(name)) ?? [];
};

const columnsOf = (names: readonly TrackName[]): string[][] => [
  names.map(({ tenant }) => tenant),
  names.map(({ track }) => track),
];
