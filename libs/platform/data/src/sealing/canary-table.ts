import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row that is sealed under the master key, so that a start with another one is noticed. */
export class CreateMasterKeyCanary1764000000100 implements MigrationInterface {
  readonly name = 'CreateMasterKeyCanary1764000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table master_key_canary (
      id integer primary key check (id = 1),
      sealed text not null,
      sealed_at timestamptz not null default now()
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table master_key_canary');
  }
}
