import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `create table tenant (
     name text primary key,
     doc jsonb not null
   )`,
  `create table track (
     tenant text not null,
     name text not null,
     version integer not null,
     doc jsonb not null,
     updated_at timestamptz not null default now(),
     primary key (tenant, name)
   )`,
  `create table party (
     tenant text not null,
     track text not null,
     side text not null check (side in ('up', 'down')),
     name text not null,
     version integer not null,
     doc jsonb not null,
     primary key (tenant, track, side, name),
     foreign key (tenant, track) references track (tenant, name) on delete cascade
   )`,
  // One row: whoever changes anything holds it, so that numbers are seen in the order in which they were given.
  `create table change_counter (latest bigint not null)`,
  `insert into change_counter values (0)`,
  `create table change (
     number bigint primary key,
     tenant text not null,
     track text not null,
     removed boolean not null default false,
     at timestamptz not null default now()
   )`,
  // What a declarative file last looked like when it was applied: the same content is not applied again.
  `create table applied_file (
     name text primary key,
     digest text not null,
     at timestamptz not null default now()
   )`,
  // Users on their way to the service that owns them, until it has accepted them.
  `create table user_handover (
     id bigint generated always as identity primary key,
     tenant text not null,
     track text not null,
     users jsonb not null,
     attempts integer not null default 0,
     next_attempt_at timestamptz not null default now(),
     last_error text
   )`,
];

/** The tables of the config service. */
export class CreateConfigTables1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['user_handover', 'applied_file', 'change', 'change_counter', 'party', 'track', 'tenant'])
      await runner.query(`drop table ${table}`);
  }
}
