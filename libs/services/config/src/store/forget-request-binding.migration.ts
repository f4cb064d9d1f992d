import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // Every kept SAML application has the default that nothing read: it would now refuse what was always taken.
  `update party set doc = doc - 'authn_request_binding' where side = 'down' and doc->>'type' = 'saml2'`,
  // Files say it again if somebody meant it: they are read anew.
  'delete from applied_file',
];

/** `authn_request_binding` of SAML applications counts from now on, and only where a file says so. */
export class ForgetRequestBinding1764000000003 implements MigrationInterface {
  readonly name = 'ForgetRequestBinding1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  /** What was taken away was a default that schemas fill in again. */
  async down(): Promise<void> {}
}
