/**
 * One statement per verb for any number of rows. Each is atomic by itself; what it locks, it locks in the order of its arguments.
 * `now()` is the time the statement began, by the clock of the database, which all replicas share.
 */
const UNTIL = (ttl: string): string => `now() + ${ttl} * interval '1 second'`;

const NEW_ITEMS = `
insert into item (key, value, version, expires_at)
select key, value, version, ${UNTIL('ttl')} from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as new (key, value, version, ttl)
on conflict (key) do update set value = excluded.value, spent = null, version = excluded.version, expires_at = excluded.expires_at`;

const NEW_MEMBERS = (index: string, member: string, ttl: string): string => `
insert into item_member (index_name, member, expires_at)
select index_name, member, ${UNTIL('ttl')}
from unnest(${index}::text[], ${member}::text[], ${ttl}::float8[]) as new (index_name, member, ttl)
on conflict (index_name, member) do update set expires_at = excluded.expires_at`;

const NEW_DEADLINES = (index: string, member: string, dueAt: string): string => `
insert into item_deadline (index_name, member, due_at)
select * from unnest(${index}::text[], ${member}::text[], ${dueAt}::float8[])
on conflict (index_name, member) do update set due_at = excluded.due_at`;

export const statements = {
  put: NEW_ITEMS,
  // What is put together with all by which it is found: one step and one trip.
  putAll: `
with members as (${NEW_MEMBERS('$5', '$6', '$7')}), deadlines as (${NEW_DEADLINES('$8', '$9', '$10')})${NEW_ITEMS}`,
  putIfAbsent: `${NEW_ITEMS} where item.expires_at <= now() returning key`,
  get: 'select key, value, version from item where key = any($1::text[]) and value is not null and expires_at > now()',
  replace: `
update item set value = new.value, version = new.version, expires_at = ${UNTIL('new.ttl')}
from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[]) as new (key, value, version, ttl, expected)
where item.key = new.key and item.version = new.expected and item.value is not null and item.expires_at > now()
returning item.key`,
  remove: `
delete from item using unnest($1::text[]) as gone (key) where item.key = gone.key
returning item.key, item.value is not null and item.expires_at > now() as had`,
  // The rows are locked first, which waits for other takers and gives the newest state of each; only then they are changed.
  take: `
with held as (
  select item.key, item.value, item.spent as mark, wanted.version, wanted.spent, wanted.ttl
  from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as wanted (key, version, spent, ttl)
  join item on item.key = wanted.key where item.expires_at > now() for update of item
), marked as (
  update item set value = null, spent = held.spent, version = held.version, expires_at = ${UNTIL('held.ttl')}
  from held where item.key = held.key and held.value is not null and held.ttl is not null
), removed as (
  delete from item using held where item.key = held.key and held.value is not null and held.ttl is null
)
select key, value, mark from held`,
  incr: `
insert into item_counter as c (key, count, expires_at)
select key, count, ${UNTIL('ttl')} from unnest($1::text[], $2::bigint[], $3::float8[]) as new (key, count, ttl)
on conflict (key) do update set
  count = case when c.expires_at > now() then c.count else 0 end + excluded.count,
  expires_at = case when c.expires_at > now() then c.expires_at else excluded.expires_at end
returning key, count::float8 as count`,
  addToIndex: NEW_MEMBERS('$1', '$2', '$3'),
  removeFromIndex: `
delete from item_member using unnest($1::text[], $2::text[]) as gone (index_name, member)
where item_member.index_name = gone.index_name and item_member.member = gone.member`,
  membersOf: 'select index_name, member from item_member where index_name = any($1::text[]) and expires_at > now()',
  schedule: NEW_DEADLINES('$1', '$2', '$3'),
  unschedule: `
delete from item_deadline as d using unnest($1::text[], $2::text[], $3::float8[]) as gone (index_name, member, due_at)
where d.index_name = gone.index_name and d.member = gone.member and (gone.due_at is null or d.due_at = gone.due_at)
returning d.index_name, d.member`,
  due: 'select member, due_at from item_deadline where index_name = $1 and due_at <= $2 order by due_at limit $3',
  claim: `
with ready as (
  select member, due_at from item_deadline where index_name = $1 and due_at <= $2 order by due_at limit $3 for update skip locked
)
update item_deadline as d set due_at = $4 from ready where d.index_name = $1 and d.member = ready.member
returning d.member, ready.due_at as was`,
  // A promoted replica has another timeline; a server that does not wait for its disk may forget what it acknowledged when it restarts.
  epoch: `
select epoch, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as timeline,
  case when 'off' in (current_setting('fsync'), current_setting('synchronous_commit')) then pg_postmaster_start_time()::text else '' end as started
from item_epoch`,
} as const;

export type StatementName = keyof typeof statements;
