import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose record a grant stands on. Mostly the subject is the user's id, and the index of subjects finds the grant. */
const create = `create index refresh_grant_user on refresh_grant (tenant, track, (granted #>> '{user,user_id}'))
  where granted #>> '{user,user_id}' <> sub`;

/** Grants are found by the track's record of their user, whatever claim transforms made of the subject. */
export class IndexGrantUser1764000000001 implements MigrationInterface {
  readonly name = 'IndexGrantUser1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(create);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index refresh_grant_user');
  }
}
