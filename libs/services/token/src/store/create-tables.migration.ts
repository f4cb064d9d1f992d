import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `create table key_track (
     tenant text not null,
     track text not null,
     due_at bigint not null default 0,
     revision integer not null default 0,
     changed_at timestamptz not null default now(),
     primary key (tenant, track)
   )`,
  'create index key_track_due on key_track (due_at)',
  'create index key_track_changed on key_track (changed_at)',
  `create table signing_key (
     tenant text not null,
     track text not null,
     kid text not null,
     alg text not null,
     state text not null check (state in ('next', 'current', 'previous', 'retired')),
     jwk jsonb not null,
     sealed text,
     certificate text,
     created bigint not null,
     current_from bigint not null,
     ends bigint,
     primary key (tenant, track, kid)
   )`,
  // One key of an algorithm signs, whatever several replicas may have meant.
  `create unique index signing_key_current on signing_key (tenant, track, alg) where state = 'current'`,
  // Rotation changes no indexed column, so that a refresh is one heap-only update.
  `create table refresh_grant (
     grant_id text primary key,
     tenant text not null,
     track text not null,
     client_id text not null,
     sub text not null default '',
     sid text not null default '',
     generation integer not null default 0,
     created bigint not null,
     rotated_at bigint not null,
     expires bigint not null,
     sweep_at bigint,
     tokens_until bigint not null,
     dpop_jkt text,
     granted jsonb not null default '{}',
     ended_at timestamptz
   ) with (fillfactor = 85)`,
  'create index refresh_grant_sid on refresh_grant (tenant, track, sid)',
  'create index refresh_grant_sub on refresh_grant (tenant, track, sub)',
  'create index refresh_grant_client on refresh_grant (tenant, track, client_id)',
  'create index refresh_grant_sweep on refresh_grant (sweep_at)',
  'create index refresh_grant_ended on refresh_grant (ended_at) where ended_at is not null',
  `create table revoked_token (
     tenant text not null,
     track text not null,
     jti text not null,
     tokens_until bigint not null,
     revoked_at timestamptz not null default now(),
     primary key (tenant, track, jti)
   )`,
  'create index revoked_token_at on revoked_token (revoked_at)',
  'create index revoked_token_until on revoked_token (tokens_until)',
];

/** Keys, refresh grants and revoked tokens. */
export class CreateTokenTables1764000000000 implements MigrationInterface {
  readonly name = 'CreateTokenTables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const text of up) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['revoked_token', 'refresh_grant', 'signing_key', 'key_track']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
