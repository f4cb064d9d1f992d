import { CreateMasterKeyCanary1764000000100 } from '@corsac/data';
import type { Service } from '@corsac/service';
import { sealPurpose } from './keys/track-keys.js';
import { IndexGrantUser1764000000001 } from './store/index-grant-user.migration.js';
import { CreateTokenTables1764000000000 } from './store/create-tables.migration.js';
import { tokenModule } from './token.module.js';

/**
 * The token service: faces applications and APIs, and signs every artefact of the system.
 *
 * It owns the signing keys of tracks (Postgres, sealed; private halves leave it never), authorization codes, pushed and device
 * requests (short-lived items), refresh grants and revoked tokens (Postgres), and the memory of what has ended. It serves the
 * token, userinfo, introspection, revocation, pushed request and device endpoints, metadata and key sets.
 *
 * It does not own users, sessions, sequences or configuration: it is told what a sign-in granted (`code.issue`), hears which
 * sessions ended, and reads tracks. No request of an application crosses the bus: configuration, keys, verified secrets and
 * verified tokens are held in memory and made stale by events.
 */
export const tokenService: Service = {
  name: 'token',
  schema: {
    entities: [],
    migrations: [CreateTokenTables1764000000000, IndexGrantUser1764000000001, CreateMasterKeyCanary1764000000100],
  },
  sealed: [{ purpose: sealPurpose, table: 'signing_key', key: ['tenant', 'track', 'kid'], column: 'sealed' }],
  module: (parts) => tokenModule(parts),
};
