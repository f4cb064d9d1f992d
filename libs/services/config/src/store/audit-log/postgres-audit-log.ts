import { poolOf, runStatement, type Database, type StatementValue } from '@corsac/data';
import type { AuditBegin, AuditEntry, AuditLog, AuditOutcome, AuditQuery } from '../../control/audit/audit-log.js';
import type { AuditedPlace, OldEntries } from '../../control/audit/forget-old.js';

interface Row {
  readonly id: string;
  readonly tenant: string;
  readonly track: string;
  readonly at_ms: string;
  readonly outcome: AuditOutcome;
  readonly begun: string;
  readonly ended: string | null;
}

const beginText = `insert into audit_entry (tenant, track, sub, at_ms, outcome, begun)
  values ($1, $2, $3, $4, 'begun', $5) returning id`;

/** What was noted of an end stays: only the first one counts. */
const endText = `update audit_entry set outcome = $2, ended = $3 where id = $1 and outcome = 'begun'`;

const columns = 'id, tenant, track, at_ms, outcome, begun, ended';
const listText = `select ${columns} from audit_entry
  where tenant = $1 and track = $2 and id < $3 and ($4::text is null or sub = $4) order by id desc limit $5`;
const listOfTenantText = `select ${columns} from audit_entry
  where tenant = $1 and id < $2 and ($3::text is null or sub = $3) order by id desc limit $4`;

/** From place to place by the index: what it costs grows with places, not with entries. */
const placesText = `with recursive place as (
    (select tenant, track from audit_entry where (tenant, track) > ($1, $2) order by tenant, track limit 1)
    union all
    select next.* from place, lateral (
      select tenant, track from audit_entry where (tenant, track) > (place.tenant, place.track)
      order by tenant, track limit 1) next)
  select p.tenant, p.track, (t.doc->'settings'->>'audit_retention')::bigint as retention_s
  from (select * from place limit $3) p left join track t on t.tenant = p.tenant and t.name = p.track
  order by p.tenant, p.track`;

const forgetText = `with gone as (
    delete from audit_entry where id in (
      select id from audit_entry where tenant = $1 and track = $2 and at_ms < $3 order by at_ms limit $4)
    returning 1)
  select count(*) as count from gone`;

/** Entries that go in one statement. */
const forgottenAtOnce = 5_000;
const placesAtOnce = 500;

const largestId = 2n ** 63n - 1n;
/** Ids are as long as the longest, so that their texts have the order of their numbers. */
const idLength = String(largestId).length;
const idPattern = /^\d{1,19}$/;

const idText = (id: string): string => id.padStart(idLength, '0');
/** Undefined: nothing has this id. */
const idNumber = (text: string): string | undefined =>
  idPattern.test(text) && BigInt(text) <= largestId ? String(BigInt(text)) : undefined;

/** Postgres takes no NUL in a text; the entry itself tells it as it is. */
const searchable = (sub: string): string => sub.replaceAll('\0', '\ufffd');

/** The audit log in Postgres. */
export class PostgresAuditLog implements AuditLog, OldEntries {
  constructor(
    private readonly database: Database,
    private readonly nowMs: () => number,
  ) {}

  async begin({ tenant, track, ...begun }: AuditBegin): Promise<string> {
    const values = [tenant, track, searchable(begun.actor.sub), this.nowMs(), JSON.stringify(begun)];
    const [row] = await this.query<Pick<Row, 'id'>>('config.begin_audit', beginText, values);
    return idText(row!.id);
  }

  async end(id: string, { outcome, detail, changes }: Parameters<AuditLog['end']>[1]): Promise<void> {
    await this.query('config.end_audit', endText, [idNumber(id), outcome, JSON.stringify({ detail, changes })]);
  }

  async list({ tenant, track, sub, before, limit }: AuditQuery): Promise<AuditEntry[]> {
    const from = before === undefined ? String(largestId) : idNumber(before);
    if (from === undefined) return [];
    const rest = [from, sub === undefined ? null : searchable(sub), limit];
    const rows =
      track === undefined
        ? await this.query<Row>('config.audit_of_tenant', listOfTenantText, [tenant, ...rest])
        : await this.query<Row>('config.audit', listText, [tenant, track, ...rest]);
    return rows.map(entryOf);
  }

  async *places(): AsyncGenerator<AuditedPlace> {
    type PlaceRow = Omit<AuditedPlace, 'retention_s'> & { readonly retention_s: string | null };
    let after: readonly [string, string] = ['', ''];
    for (;;) {
      const rows = await this.query<PlaceRow>('config.audited_places', placesText, [...after, placesAtOnce]);
      for (const { tenant, track, retention_s } of rows)
        yield { tenant, track, ...(retention_s !== null && { retention_s: Number(retention_s) }) };
      const last = rows.at(-1);
      if (!last || rows.length < placesAtOnce) return;
      after = [last.tenant, last.track];
    }
  }

  async forget({ tenant, track, before_ms }: Parameters<OldEntries['forget']>[0]): Promise<number> {
    let forgotten = 0;
    for (;;) {
      const values = [tenant, track, before_ms, forgottenAtOnce];
      const [row] = await this.query<{ count: string }>('config.forget_audit', forgetText, values);
      forgotten += Number(row?.count);
      if (Number(row?.count) < forgottenAtOnce) return forgotten;
    }
  }

  private query<Found extends object>(name: string, text: string, values: StatementValue[]): Promise<Found[]> {
    return runStatement(poolOf(this.database), { name, text }, values);
  }
}

const entryOf = ({ id, tenant, track, at_ms, outcome, begun, ended }: Row): AuditEntry => ({
  id: idText(id),
  at_ms: Number(at_ms),
  outcome,
  tenant,
  track,
  ...(JSON.parse(begun) as Omit<AuditBegin, 'tenant' | 'track'>),
  changes: [],
  ...(ended !== null && (JSON.parse(ended) as Pick<AuditEntry, 'changes' | 'detail'>)),
});
