import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `create table audit_entry (
     id bigint generated always as identity primary key,
     tenant text not null,
     track text not null,
     sub text not null,
     at_ms bigint not null,
     outcome text not null check (outcome in ('begun', 'done', 'refused', 'failed')),
     -- JSON as text: a value may hold what jsonb refuses, such as a NUL.
     begun text not null,
     ended text
   )`,
  'create index audit_entry_newest on audit_entry (tenant, track, id desc)',
  'create index audit_entry_newest_of_tenant on audit_entry (tenant, id desc)',
  'create index audit_entry_oldest on audit_entry (tenant, track, at_ms)',
];

/** Who changed what. Entries outlive the track that they are of. */
export class CreateAuditLog1764000000004 implements MigrationInterface {
  readonly name = 'CreateAuditLog1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_entry');
  }
}
