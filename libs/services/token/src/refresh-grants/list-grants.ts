import type { listGrants } from '@corsac/contracts';
import type { z } from 'zod';
import type { GrantStore } from './grant-store.js';

/** Refresh grants for people to see: whose, for what, how long. Never a token, and no claims. */
export class GrantLists {
  constructor(
    private readonly store: Pick<GrantStore, 'list'>,
    private readonly nowMs: () => number,
  ) {}

  /** One page, ordered by id. @throws StoreUnavailable */
  async page(request: z.infer<typeof listGrants.request>): Promise<z.infer<typeof listGrants.response>> {
    const { tenant, track, sub, client_id, grant_id, limit, after } = request;
    const now = Math.floor(this.nowMs() / 1000);
    const rows = await this.store.list({ tenant, track }, { sub, client_id, grant_id, after, now, limit: limit + 1 });
    const grants = rows.slice(0, limit).map((grant) => ({
      grant_id: grant.grant_id,
      client_id: grant.client_id,
      sub: grant.sub,
      sid: grant.sid,
      scope: grant.granted.scopes.scope.join(' '),
      created: grant.created,
      expires: grant.expires,
    }));
    const last = rows.length > limit ? grants.at(-1)?.grant_id : undefined;
    return { grants, ...(last !== undefined && { more: last }) };
  }
}
