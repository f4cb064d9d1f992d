import type { Journey, JourneyEvent } from '@corsac/contracts';
import type { JourneyPage, JourneyQuery, JourneyStore, RecordedEvent } from '../journey/journey-store.js';
import { statement, type Sql } from './sql.js';

const append = statement(
  'append_journeys',
  `insert into journey_part (tenant, sequence_id, journey, track, at_ms, ends_ms, events)
   select tenant, sequence_id, journey, track, at_ms, ends_ms, events from json_to_recordset($1::json)
     as part (tenant text, sequence_id text, journey text, track text, at_ms bigint, ends_ms bigint, events text)`,
);

const sequences = statement(
  'list_journeys',
  `select sequence_id, max(at_ms) as last_ms from journey_part part
   where tenant = $1 and track = $2 and at_ms < $3 and ($4::text is null or sequence_id = $4)
     and ($6::bigint is null or (at_ms <= $6 and not exists (select 1 from journey_part later
       where later.tenant = $1 and later.track = $2 and later.sequence_id = part.sequence_id and later.at_ms > $6)))
   group by sequence_id having $6::bigint is null or max(at_ms) < $6 or sequence_id > $7::text
   order by last_ms desc, sequence_id limit $5`,
);

const partsOf = statement(
  'journey_parts',
  'select sequence_id, journey, events from journey_part where tenant = $1 and sequence_id = any($2)',
);

const prune = statement('prune_journeys', 'delete from journey_part where ends_ms < $1');

/** Within a millisecond, `n` says which event came first. */
type KeptEvent = JourneyEvent & { readonly n: number };

interface Part {
  readonly first: RecordedEvent;
  readonly events: KeptEvent[];
}

interface PartRow {
  readonly sequence_id: string;
  readonly journey: Journey['kind'];
  readonly events: string;
}

/** Journeys in Postgres. What happened on one journey in one track, as far as it is written at once, is a row. */
export class PostgresJourneyStore implements JourneyStore {
  private count = 0;

  constructor(private readonly sql: Sql) {}

  async append(recorded: readonly RecordedEvent[]): Promise<void> {
    const parts = [...this.partsOf(recorded).values()].map(({ first, events }) => ({
      tenant: first.tenant,
      sequence_id: first.sequence_id,
      journey: first.journey,
      track: first.track,
      at_ms: first.at_ms,
      ends_ms: first.at_ms + first.keep_s * 1000,
      // A text within the text: Postgres would refuse some of what may stand in an event, such as a NUL.
      events: JSON.stringify(events),
    }));
    await this.sql.run(append, [JSON.stringify(parts)]);
  }

  async list({ tenant, track, sequence_id, limit, before_ms, after }: JourneyQuery): Promise<JourneyPage> {
    const [, lastMs = null, lastId = null] = /^(\d{1,15})\.(.+)$/.exec(after ?? '') ?? [];
    const before = before_ms ?? Number.MAX_SAFE_INTEGER;
    const values = [tenant, track, before, sequence_id ?? null, limit, lastMs, lastId];
    const found = await this.sql.run<{ sequence_id: string; last_ms: string }>(sequences, values);
    const ids = found.map((row) => row.sequence_id);
    const rows = await this.sql.run<PartRow>(partsOf, [tenant, ids]);
    const last = found.length === limit ? found.at(-1) : undefined;
    return {
      journeys: ids.map((id) =>
        journeyOf(
          { tenant, track, id },
          rows.filter((row) => row.sequence_id === id),
        ),
      ),
      ...(last && { more: `${last.last_ms}.${last.sequence_id}` }),
    };
  }

  async prune(nowMs: number): Promise<void> {
    await this.sql.run(prune, [nowMs]);
  }

  private partsOf(recorded: readonly RecordedEvent[]): Map<string, Part> {
    const parts = new Map<string, Part>();
    for (const first of recorded) {
      const { tenant, sequence_id, journey: _journey, keep_s: _keep_s, ...event } = first;
      const name = JSON.stringify([tenant, sequence_id, event.track]);
      const part = parts.get(name) ?? { first, events: [] };
      part.events.push({ ...event, n: (this.count += 1) });
      parts.set(name, part);
    }
    return parts;
  }
}

/** The events of the parts of a journey, in the order in which they happened. */
const eventsOf = (rows: readonly PartRow[]): JourneyEvent[] =>
  rows
    .flatMap(({ events }) => JSON.parse(events) as KeptEvent[])
    .sort((one, other) => one.at_ms - other.at_ms || one.n - other.n)
    .map(({ n: _n, ...event }) => event);

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
  rows: readonly PartRow[],
): Journey => {
  const events = eventsOf(rows);
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
