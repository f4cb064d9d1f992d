import type { ChangedKeys, KeyChange, KeyStore, NewKey, StoredKeys, TrackName } from '../keys/key-store.js';
import type { KeyMove } from '../keys/plan-keys.js';
import type { TrackKey } from '../keys/track-key.js';
import { statement, type Sql } from './sql.js';

const columns = 'kid, alg, state, jwk, sealed, certificate, created, current_from, ends';

const readRevision = statement('keys.revision', 'select revision from key_track where tenant = $1 and track = $2');
const readKeys = statement(
  'keys.read',
  `select ${columns} from signing_key where tenant = $1 and track = $2 order by created, kid`,
);
const note = statement(
  'keys.note',
  `insert into key_track (tenant, track) select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
);
const lock = statement('keys.lock', 'select revision from key_track where tenant = $1 and track = $2 for update');
const hasten = statement(
  'keys.hasten',
  `update key_track set due_at = 0 where (tenant, track) in (select * from unnest($1::text[], $2::text[])) and due_at > 0`,
);
const schedule = statement(
  'keys.schedule',
  `update key_track set due_at = $3, revision = revision + $4::int,
     changed_at = case when $4::int > 0 then now() else changed_at end
   where tenant = $1 and track = $2`,
);
const add = statement(
  'keys.add',
  `insert into signing_key (tenant, track, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null)`,
);
const move = statement(
  'keys.move',
  `update signing_key set state = $4, current_from = coalesce($5, current_from), ends = $6,
     sealed = case when $4 = 'retired' then null else sealed end
   where tenant = $1 and track = $2 and kid = $3`,
);
const claimDue = statement(
  'keys.claim_due',
  `update key_track set due_at = $1::bigint + $3::bigint where (tenant, track) in (
     select tenant, track from key_track where due_at <= $1::bigint order by due_at limit $2 for update skip locked
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
    const at = [name.tenant, name.track];
    const [known] = await this.sql.run<{ revision: number }>(readRevision, at);
    const rows = known ? await this.sql.run<KeyRow>(readKeys, at) : [];
    return { keys: rows.map(keyOf), revision: known?.revision ?? 0 };
  }

  async change(name: TrackName, decide: (keys: readonly TrackKey[]) => KeyChange): Promise<boolean> {
    await this.note([name]);
    return this.sql.transact(async (sql) => {
      const at = [name.tenant, name.track];
      // The row is where replicas queue; who gets it second reads what the first has committed.
      await sql.run(lock, at);
      const rows = await sql.run<KeyRow>(readKeys, at);
      const { moves, add: added, due_at } = decide(rows.map(keyOf));
      // First those that stop signing: only one of an algorithm may be current at any time.
      const stopping = [...moves].sort((a, b) => Number(a.to === 'current') - Number(b.to === 'current'));
      for (const one of stopping) await sql.run(move, [...at, ...moveValues(one)]);
      for (const one of added) await sql.run(add, [...at, ...keyValues(one)]);
      const isChanged = moves.length + added.length > 0;
      await sql.run(schedule, [...at, due_at, isChanged ? 1 : 0]);
      return isChanged;
    });
  }

  async note(names: readonly TrackName[]): Promise<void> {
    if (names.length > 0) await this.sql.run(note, columnsOf(names));
  }

  async hasten(names: readonly TrackName[]): Promise<void> {
    if (names.length > 0) await this.sql.run(hasten, columnsOf(names));
  }

  claimDue(when: { now: number; limit: number; lease_s: number }): Promise<TrackName[]> {
    return this.sql.run<TrackName>(claimDue, [when.now, when.limit, when.lease_s]);
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

const columnsOf = (names: readonly TrackName[]): string[][] => [
  names.map(({ tenant }) => tenant),
  names.map(({ track }) => track),
];

const moveValues = ({ kid, to, current_from, ends }: KeyMove): unknown[] => [
  kid,
  to,
  current_from ?? null,
  ends ?? null,
];

const keyValues = (key: NewKey): unknown[] => [
  key.kid,
  key.alg,
  key.state,
  JSON.stringify(key.jwk),
  key.sealed,
  key.certificate ?? null,
  key.created,
  key.current_from,
];
