import { randomUUID } from 'node:crypto';
import type { SeenExternalUser } from '@corsac/contracts';
import { isEqual, type ImportedExternalUser } from '@corsac/model';
import type { Imported, UserPlace } from '../users/user-store.js';
import { statement, unlessDuplicate, type Run, type Sql } from './sql.js';

const lock = statement('external_import.lock', 'select pg_advisory_xact_lock(hashtextextended($1, 0))');
const known = statement(
  'external_import.known',
  `select user_id, up_party, link_claim_value, redemption_claim_value, disabled, claims, epoch from external_users u
   where tenant = $1 and track = $2 and (user_id = any($3)
     or (up_party, link_claim_value) in (select * from unnest($4::text[], $5::text[]))
     or (up_party, redemption_claim_value) in (select * from unnest($4::text[], $6::text[])))
   for update`,
);
const upsert = statement(
  'external_import.upsert',
  `insert into external_users (tenant, track, user_id, up_party, link_claim_value, redemption_claim_value, disabled, claims,
     epoch, created, updated)
   select $1, $2, r.user_id, r.up_party, r.link_claim_value, r.redemption_claim_value, r.disabled, r.claims, r.epoch, $4, $4
   from jsonb_to_recordset($3::jsonb) as r (user_id text, up_party text, link_claim_value text, redemption_claim_value text,
     disabled boolean, claims jsonb, epoch bigint)
   on conflict (tenant, track, user_id) do update set
     up_party = excluded.up_party, link_claim_value = excluded.link_claim_value,
     redemption_claim_value = excluded.redemption_claim_value, disabled = excluded.disabled, claims = excluded.claims,
     epoch = excluded.epoch, updated = excluded.updated`,
);
const noteEndings = statement(
  'external_import.note_endings',
  `insert into user_endings (tenant, track, user_id, cause, sessions, grants, epoch)
   select $1, $2, ended.id, 'disabled', true, true, ended.epoch from unnest($3::text[], $4::bigint[]) as ended (id, epoch)`,
);

interface Row {
  readonly user_id: string;
  readonly up_party: string;
  readonly link_claim_value: string | null;
  readonly redemption_claim_value: string | null;
  readonly disabled: boolean;
  readonly claims: object;
  readonly epoch: string;
}

interface Work {
  readonly place: UserPlace;
  readonly users: readonly ImportedExternalUser[];
  readonly now: number;
  readonly seen?: readonly (SeenExternalUser | null)[];
}

/**
 * Puts records into a track in one transaction. A record that was linked stays so: a file that prepared it does not know
 * whom it was linked to. Whose record becomes disabled loses sessions and grants, noted in the same transaction.
 */
export const importExternalUsers = async (
  sql: Sql,
  work: Work,
): Promise<Imported | { readonly taken: true } | 'changed_meanwhile'> => {
  const imported = await unlessDuplicate(() => sql.transact((run) => importIn(run, work)));
  return imported === 'duplicate' ? { taken: true } : imported;
};

const importIn = async (run: Run, { place, users, now, seen }: Work): Promise<Imported | 'changed_meanwhile'> => {
  const { tenant, track } = place;
  await run(lock, [`external users of ${tenant}/${track}`]);
  const rows = await run<Row>(known, [
    tenant,
    track,
    users.flatMap(({ user_id }) => user_id ?? []),
    users.map(({ up_party }) => up_party),
    users.map(({ link_claim_value }) => link_claim_value ?? null),
    users.map(({ redemption_claim_value }) => redemption_claim_value ?? null),
  ]);
  const pairs = users.map((user) => ({ user, before: rowOf(rows, user) }));
  if (seen && !pairs.every((pair, index) => isExpected(pair, seen[index]))) return 'changed_meanwhile';
  // Only some fields of one who is not there make no record.
  const unknown = pairs.flatMap(({ user, before }, index) => (user.changed && !before ? [index] : []));
  const written = pairs.filter(({ user, before }) => before || !user.changed);
  const next = written.map(({ user, before }) => merged(user, before));
  await run(upsert, [tenant, track, JSON.stringify(next), now]);
  const ended = next.filter(({ epoch }, index) => epoch > Number(written[index]?.before?.epoch ?? 0));
  if (ended.length > 0)
    await run(noteEndings, [tenant, track, ended.map(({ user_id }) => user_id), ended.map(({ epoch }) => epoch)]);
  const updated = written.filter(({ before }) => before).length;
  return { created: written.length - updated, updated, ...(unknown.length > 0 && { unknown }) };
};

/** The record that is meant: the one that is named, or else that of the values. */
const rowOf = (rows: readonly Row[], user: ImportedExternalUser): Row | undefined => {
  const { user_id, up_party, link_claim_value: link, redemption_claim_value: redemption } = user;
  const ofParty = rows.filter((row) => row.up_party === up_party);
  return (
    rows.find((row) => row.user_id === user_id) ??
    (link === undefined ? undefined : ofParty.find((row) => row.link_claim_value === link)) ??
    (redemption === undefined ? undefined : ofParty.find((row) => row.redemption_claim_value === redemption))
  );
};

const fields = ['up_party', 'link_claim_value', 'redemption_claim_value', 'disabled', 'claims'] as const;

type Compared = { readonly user_id: string } & { readonly [Field in (typeof fields)[number]]?: unknown };

const isSame = (row: Compared | undefined, other: Compared | null): boolean =>
  row === undefined || other === null
    ? row === undefined && other === null
    : row.user_id === other.user_id && fields.every((field) => isEqual(row[field] ?? null, other[field] ?? null));

/** As somebody saw it, or as it would become: what is asked twice is done once, and the second time is no fault. */
const isExpected = (
  { user, before }: { user: ImportedExternalUser; before: Row | undefined },
  seen: SeenExternalUser | null | undefined,
): boolean =>
  seen === undefined ||
  isSame(before, seen) ||
  (before?.user_id === user.user_id && isSame(before, merged(user, before)));

const merged = (user: ImportedExternalUser, before: Row | undefined) => {
  const takes = (field: 'link_claim_value' | 'redemption_claim_value' | 'disabled' | 'claims'): boolean =>
    !before || !user.changed || user.changed.includes(field);
  const disabled = takes('disabled') ? user.disabled : (before?.disabled ?? false);
  const epoch = Number(before?.epoch ?? 0);
  return {
    user_id: before?.user_id ?? user.user_id ?? randomUUID(),
    up_party: user.up_party,
    link_claim_value:
      (takes('link_claim_value') ? user.link_claim_value : undefined) ?? before?.link_claim_value ?? null,
    redemption_claim_value: takes('redemption_claim_value')
      ? (user.redemption_claim_value ?? null)
      : (before?.redemption_claim_value ?? null),
    disabled,
    claims: takes('claims') ? user.claims : (before?.claims ?? {}),
    epoch: disabled && before?.disabled === false ? epoch + 1 : epoch,
  };
};
