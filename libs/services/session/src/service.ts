import type { Service } from '@corsac/service';
import { sessionModule } from './session.module.js';
import { migrations } from './store/migrations.js';

/**
 * Owns sessions: who is signed in, in which browser and track, and which applications that session has reached; and
 * logouts: the durable job that tells each of them, with a receipt per party. It has no inbound HTTP; authorize shows
 * the pages. It calls applications over the back channel by itself. Users, tokens and grants are not its own: it says
 * that a session ended, and their owners act.
 */
export const sessionService: Service = {
  name: 'session',
  schema: { entities: [], migrations },
  module: sessionModule,
};
