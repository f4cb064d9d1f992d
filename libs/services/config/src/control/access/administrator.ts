import type { IncomingHttpHeaders } from 'node:http';
import type { Answered } from '../api/refusal.js';

/** Who calls the API: a user of the tenant's `master` track, or a program that has a client there. */
export interface Administrator {
  /** Tenant whose `master` track issued the token. */
  readonly tenant: string;
  readonly sub: string;
  readonly client_id: string;
  /** Of a person: as the token says. */
  readonly name?: string;
  /** Rights that the token's scopes allow: `corsac:tenant.read`. */
  readonly scopes: readonly string[];
  /** Rights that the administrator has, values of `role`. */
  readonly roles: readonly string[];
}

/** Finds out who calls, from the bearer token. */
export interface Administrators {
  /** @param tenant whose API is called; no other tenant's token is good for it */
  verify(tenant: string, headers: IncomingHttpHeaders, context: object): Promise<Answered<Administrator>>;
}
