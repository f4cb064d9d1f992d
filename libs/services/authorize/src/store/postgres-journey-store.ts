import type { Journey, JourneyEvent } from '@corsac/contracts';
import type { JourneyQuery, JourneyStore, RecordedEvent } from '../journey/journey-store.js';
import { statement, type Sql } from './sql.js';

const append = statement(
  'append_journey_events',
  `insert into journey_event (tenant, sequence_id, journey, track, at_ms, ends_ms, doc)
   select tenant, sequence_id, journey, track, at_ms, ends_ms, doc
   from jsonb_to_recordset($1::jsonb) as e (tenant text, sequence_id text, journey text, track text, at_ms bigint, ends_ms bigint, doc jsonb)`,
);

const sequences = statement(
  'list_journeys',
  `select sequence_id, max(at_ms) as last_ms from journey_event
   where tenant = $1 and track = $2 and at_ms < $3 and ($4::text is null or sequence_id = $4)
   group by sequence_id order by last_ms desc limit $5`,
);

const eventsOf = statement(
  'journey_events',
  'select sequence_id, journey, doc from journey_event where tenant = $1 and sequence_id = any($2) order by at_ms, id',
);

const prune = statement('prune_journeys', 'delete from journey_event where ends_ms < $1');

interface EventRow {
  readonly sequence_id: string;
  readonly journey: Journey['kind'];
  readonly doc: JourneyEvent;
}

/** Journeys in Postgres, an event a row. */
export class PostgresJourneyStore implements JourneyStore {
  constructor(private readonly sql: Sql) {}

  async append(events: readonly RecordedEvent[]): Promise<void> {
    const rows = events.map(({ tenant, sequence_id, journey, keep_s, ...doc }) => ({
      tenant,
      sequence_id,
      journey,
      track: doc.track,
      at_ms: doc.at_ms,
      ends_ms: doc.at_ms + keep_s * 1000,
      doc,
    }));
    await this.sql.run(append, [JSON.stringify(rows)]);
  }

  async list({ tenant, track, sequence_id, limit, before_ms }: JourneyQuery): Promise<Journey[]> {
    const values = [tenant, track, before_ms ?? Number.MAX_SAFE_INTEGER, sequence_id ?? null, limit];
    const found = await this.sql.run<{ sequence_id: string }>(sequences, values);
    const ids = found.map((row) => row.sequence_id);
    const rows = await this.sql.run<EventRow>(eventsOf, [tenant, ids]);
    return ids.map((id) =>
      journeyOf(
        { tenant, track, id },
        rows.filter((row) => row.sequence_id === id),
      ),
    );
  }

  async prune(nowMs: number): Promise<void> {
    await this.sql.run(prune, [nowMs]);
  }
}

/** The last word of a journey says how it ended. */
const lastWords: Readonly<Record<string, 'done'>> = {
  'down_party.answered': 'done',
  'page.last': 'done',
  'logout.done': 'done',
  'logout.declined': 'done',
};

/** After these nobody is signed in. */
const failures: ReadonlySet<string> = new Set(['up_party.refused', 'claims.transformed', 'external_user.refused']);

const journeyOf = (
  { tenant, track, id }: { tenant: string; track: string; id: string },
  rows: readonly EventRow[],
): Journey => {
  const events = rows.map(({ doc }) => doc);
  const last = events.at(-1);
  const done = last !== undefined && lastWords[last.kind] === 'done';
  const refused = events.some(({ kind, outcome }) => outcome === 'refused' && failures.has(kind));
  return {
    sequence_id: id,
    tenant,
    track: events[0]?.track ?? track,
    kind: rows[0]?.journey ?? 'login',
    started_ms: events[0]?.at_ms ?? 0,
    ...(done && { ended_ms: last.at_ms }),
    outcome: !done ? 'running' : refused ? 'failed' : 'done',
    events,
  };
};
