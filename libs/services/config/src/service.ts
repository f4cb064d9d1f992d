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
  module: configModule,
};
