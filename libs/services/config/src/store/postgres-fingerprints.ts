import type { RenewedFingerprint } from '@corsac/contracts';
import { asStoreError, poolOf, type Database } from '@corsac/data';

/** Only the secret that is meant changes, and only from what it was: anything newer stays. */
const renewText = `
  update party set doc = jsonb_set(doc, '{secrets}', (
    select jsonb_agg(case when s->>'id' = $4 and s->>'fingerprint' is not distinct from $5
      then s || jsonb_build_object('fingerprint', $6::text) else s end order by at)
    from jsonb_array_elements(doc->'secrets') with ordinality as e (s, at)))
  where tenant = $1 and track = $2 and side = 'down' and name = $3 and exists (
    select from jsonb_array_elements(doc->'secrets') s
    where s->>'id' = $4 and s->>'fingerprint' is not distinct from $5)`;

/** What client secrets are found by, in Postgres, apart from everything else of a party: no version and nobody else sees it change. */
export class PostgresFingerprints {
  constructor(private readonly database: Database) {}

  /** @returns how many were kept */
  async renew(secrets: readonly RenewedFingerprint[]): Promise<number> {
    try {
      let renewed = 0;
      for (const { tenant, track, party, secret, before = null, fingerprint } of secrets) {
        const values = [tenant, track, party, secret, before, fingerprint];
        const { rowCount } = await poolOf(this.database).query({ name: 'config.renew_fp', text: renewText, values });
        renewed += rowCount ?? 0;
      }
      return renewed;
    } catch (error) {
      throw asStoreError(error);
    }
  }
}
