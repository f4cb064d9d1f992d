import type { Service } from '@corsac/service';
import { authorizeModule } from './authorize.module.js';
import { migrations } from './store/migrations.js';

/**
 * Owns the browser's journeys: requests of applications, sign-in pages, users with their credentials, the way through
 * providers above and linked tracks, and logout pages. It signs nothing and keeps no session: tokens and signatures are
 * the token service's, sessions and who must hear of their end the session service's. Users are in Postgres, journeys in
 * the item store; the browser holds opaque names only.
 */
export const authorizeService: Service = {
  name: 'authorize',
  schema: { entities: [], migrations },
  sealed: [
    { purpose: 'totp-seed', table: 'users', key: ['tenant', 'track', 'user_id'], column: 'totp_seed' },
    { purpose: 'mail', table: 'mail_outbox', key: ['id'], column: 'subject' },
    { purpose: 'mail', table: 'mail_outbox', key: ['id'], column: 'body' },
  ],
  module: authorizeModule,
};
