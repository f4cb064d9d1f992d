import type { Service } from '@corsac/service';
import { configModule } from './config.module.js';
import { migrations } from './store/migrations.js';

/**
 * Owns tenants, tracks, parties, their settings and who changed what. Answers "read this track" to the services that use
 * it and tells them what changed. Applies declarative files. Owns no users (authorize), no keys (token) and no sessions;
 * users that come by a file are handed on until they are accepted.
 */
export const configService: Service = {
  name: 'config',
  schema: { entities: [], migrations },
  sealed: [
    {
      purpose: 'up-party-secret',
      table: 'party',
      key: ['tenant', 'track', 'side', 'name'],
      column: 'doc',
      path: ['client_secret', 'sealed'],
    },
    {
      purpose: 'smtp-password',
      table: 'track',
      key: ['tenant', 'name'],
      column: 'doc',
      path: ['settings', 'mail', 'smtp_password', 'sealed'],
      track: 'name',
    },
  ],
  module: configModule,
};
