import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // What files said of users when it was last sent on, as keyed digests: what has not changed is not sent again.
  `create table declared_entry (
     tenant text not null,
     track text not null,
     kind text not null check (kind in ('user', 'external_user')),
     name text not null,
     digests jsonb not null,
     primary key (tenant, track, kind, name),
     foreign key (tenant, track) references track (tenant, name) on delete cascade
   )`,
  `alter table user_handover add column kind text not null default 'user' check (kind in ('user', 'external_user'))`,
];

/** Digests of declared users, and external users on their way. */
export class AddDeclaredEntries1764000000002 implements MigrationInterface {
  readonly name = 'AddDeclaredEntries1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table user_handover drop column kind');
    await runner.query('drop table declared_entry');
  }
}
