import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `create table users (
     tenant text not null,
     track text not null,
     user_id text not null,
     email text,
     phone text,
     username text,
     password_hash text,
     password_changed bigint not null default 0,
     password_history text[] not null default '{}',
     email_verified boolean not null default false,
     phone_verified boolean not null default false,
     confirm_account boolean not null default false,
     change_password boolean not null default false,
     require_multi_factor boolean not null default false,
     disabled boolean not null default false,
     roles jsonb not null default '[]',
     claims jsonb not null default '{}',
     totp_seed text,
     totp_step bigint not null default 0,
     recovery_codes text[] not null default '{}',
     created bigint not null,
     updated bigint not null,
     primary key (tenant, track, user_id)
   )`,
  // Across the kinds: what is one user's email is nobody else's username.
  `create table user_identifiers (
     tenant text not null,
     track text not null,
     identifier text not null,
     kind text not null check (kind in ('email', 'phone', 'username')),
     user_id text not null,
     primary key (tenant, track, identifier),
     foreign key (tenant, track, user_id) references users on delete cascade
   )`,
  'create index user_identifiers_user on user_identifiers (tenant, track, user_id)',
  // What a changed password or a disabled user still has to end elsewhere; a row goes when that is done.
  `create table user_endings (
     id bigint generated always as identity primary key,
     tenant text not null,
     track text not null,
     user_id text not null,
     cause text not null,
     sessions boolean not null,
     grants boolean not null,
     attempts integer not null default 0,
     due_at timestamptz not null default now()
   )`,
  'create index user_endings_due on user_endings (due_at)',
  `create table mail_outbox (
     id bigint generated always as identity primary key,
     tenant text not null,
     track text not null,
     recipient text not null,
     subject text not null,
     body text not null,
     state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed')),
     attempts integer not null default 0,
     reason text,
     created bigint not null,
     due_at timestamptz not null default now()
   )`,
  `create index mail_outbox_due on mail_outbox (due_at) where state = 'waiting'`,
  'create index mail_outbox_created on mail_outbox (created)',
];

/** Users with their credentials, what is still to be ended of them, and mails to them. */
export class CreateUsers1764000000001 implements MigrationInterface {
  readonly name = 'CreateUsers1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const text of up) await runner.query(text);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['mail_outbox', 'user_endings', 'user_identifiers', 'users']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
