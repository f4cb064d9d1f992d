import type { EntityManager } from 'typeorm';
import type { TrackChange } from '../tracks/track-store.js';
import type { EntryKind } from '../users/declared-entries.js';
import { supersede, type OnTheirWay, type WaitingBatch } from '../users/supersede.js';

/** Users of one batch: it is taken with one message. */
const batchSize = 200;

interface Waiting extends WaitingBatch<OnTheirWay> {
  readonly track: string;
  readonly kind: EntryKind;
}

interface Declared {
  readonly track: string;
  readonly kind: EntryKind;
  readonly users: readonly OnTheirWay[];
}

const readWaiting = `
  select id, track, kind, users from user_handover where tenant = $1 and track = any($2) order by id for update`;
const shrink = `
  update user_handover h set users = s.users from jsonb_to_recordset($1::jsonb) as s (id bigint, users jsonb)
  where h.id = s.id`;
const add = `
  insert into user_handover (tenant, track, kind, users)
  select $1, track, kind, users
  from jsonb_to_recordset($2::jsonb) as b (position integer, track text, kind text, users jsonb) order by position`;

const declaredBy = ({ track: { name: track }, users }: TrackChange): Declared[] =>
  [
    { track, kind: 'user' as const, users: users.users },
    { track, kind: 'external_user' as const, users: users.external_users },
  ].filter((declared) => declared.users.length > 0);

/** Puts the declared users of tracks on their way, past what still waits of the same users. */
export const putOnTheirWay = async (
  manager: EntityManager,
  tenant: string,
  changes: readonly TrackChange[],
): Promise<void> => {
  const declared = changes.flatMap(declaredBy);
  if (declared.length === 0) return;
  const tracks = [...new Set(declared.map(({ track }) => track))];
  const waiting = await manager.query<Waiting[]>(readWaiting, [tenant, tracks]);
  const settled = declared.map(({ track, kind, users }) => ({
    track,
    kind,
    ...supersede(
      users,
      waiting.filter((batch) => batch.track === track && batch.kind === kind),
    ),
  }));
  // An emptied batch stays until its turn: it may be on its way just now, and what is newer has to wait for that.
  const left = settled.flatMap((each) => each.left.map(({ id, users }) => ({ id, users })));
  if (left.length > 0) await manager.query(shrink, [JSON.stringify(left)]);
  const batches = settled.flatMap(({ track, kind, users }) =>
    Array.from({ length: Math.ceil(users.length / batchSize) }, (_, at) => ({
      track,
      kind,
      users: users.slice(at * batchSize, (at + 1) * batchSize),
    })),
  );
  await manager.query(add, [tenant, JSON.stringify(batches.map((batch, position) => ({ position, ...batch })))]);
};
