import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `seq` gives the order of commits within a key; `id` is the message id by which a handler knows a repetition. */
const TABLE = `
create table outbox (
  seq bigint generated always as identity primary key,
  id text not null unique,
  subject text not null,
  key text,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  published_at timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp()
)`;

/** What waits is little and looked for every second; what is published is only looked for by the pruning. */
const INDEXES = [
  'create index outbox_waiting on outbox (seq) where published_at is null',
  'create index outbox_lane on outbox (subject, key, seq) where published_at is null and key is not null',
  'create index outbox_published on outbox (published_at) where published_at is not null',
];

/** Makes the table of events in the schema of the service; to be called from a migration. */
export async function createOutbox(runner: QueryRunner): Promise<void> {
  await runner.query(TABLE);
  for (const index of INDEXES) await runner.query(index);
}

/** Undoes `createOutbox`. Events that were not yet published are lost. */
export async function dropOutbox(runner: QueryRunner): Promise<void> {
  await runner.query('drop table outbox');
}

/** What caused an event belongs beside it, for whoever delivers it later. */
export class AddOutboxContext1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table outbox add column context jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table outbox drop column context');
  }
}

/** The outbox as a migration that a service puts into its list as it is. */
export class CreateOutbox1700000000000 implements MigrationInterface {
  up = createOutbox;
  down = dropOutbox;
}
