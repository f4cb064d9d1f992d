import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // What ends a user's sessions and grants raises the epoch; those of a later one are not meant. Older rows end all.
  'alter table users add column epoch bigint not null default 0',
  'alter table user_endings add column epoch bigint',
  `create table external_users (
     tenant text not null,
     track text not null,
     user_id text not null,
     up_party text not null,
     link_claim_value text,
     redemption_claim_value text,
     disabled boolean not null default false,
     claims jsonb not null default '{}',
     epoch bigint not null default 0,
     last_sign_in bigint not null default 0,
     expires bigint not null default 0,
     created bigint not null,
     updated bigint not null,
     primary key (tenant, track, user_id)
   )`,
  // A record is one user's: whoever comes second with a value finds it taken.
  'create unique index external_users_link on external_users (tenant, track, up_party, link_claim_value)',
  'create unique index external_users_redemption on external_users (tenant, track, up_party, redemption_claim_value)',
  'create index external_users_expires on external_users (tenant, track, expires) where expires > 0',
];

/** Records of users whom other providers sign in, and epochs by which endings are told from what came after them. */
export class AddExternalUsers1764000000003 implements MigrationInterface {
  readonly name = 'AddExternalUsers1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const text of up) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table external_users');
    await runner.query('alter table user_endings drop column epoch');
    await runner.query('alter table users drop column epoch');
  }
}
