import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `create table logout_job (
     job_id text primary key,
     tenant text not null,
     track text not null,
     cause text not null,
     created bigint not null,
     sessions jsonb not null
   )`,
  'create index logout_job_track on logout_job (tenant, track, created desc)',
  'create index logout_job_created on logout_job (created)',
  `create table logout_receipt (
     receipt_id text primary key,
     job_id text not null references logout_job (job_id) on delete cascade,
     position integer not null,
     doc jsonb not null,
     state text not null,
     attempts integer not null default 0,
     detail text,
     updated bigint not null
   )`,
  'create index logout_receipt_job on logout_receipt (job_id)',
  `create table ended_session (
     tenant text not null,
     track text not null,
     sid text not null,
     sub text not null,
     up_party text not null,
     cause text not null,
     ended_at bigint not null,
     primary key (tenant, track, sid)
   )`,
  'create index ended_session_at on ended_session (ended_at, tenant, track, sid)',
];

/** The tables of the session service: what must be known of logouts whatever dies. Sessions themselves are elsewhere. */
export class CreateSessionTables1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['ended_session', 'logout_receipt', 'logout_job']) await runner.query(`drop table ${table}`);
  }
}
