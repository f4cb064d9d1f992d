import { z } from 'zod';
import { durableEvent, event, question } from '../contract/contract.js';
import { name } from '../contract/fields.js';

export const changedTrack = z.object({
  /** Position in the installation's list of changes, ever growing. */
  number: z.number().int(),
  tenant: name,
  track: name,
  /** True when the track is no more. */
  removed: z.boolean().optional(),
});
export type ChangedTrack = z.infer<typeof changedTrack>;

/** Work that a change brings: keys for a new track, users put away with a removed one. */
export const configurationChanged = durableEvent({
  subject: 'corsac.config.v1.configuration.changed',
  owner: 'config',
  listeners: ['token', 'authorize'],
  payload: changedTrack,
});

/** The same at once to the caches of every replica. What is lost here comes by `listChanges`. */
export const configurationChangedNotice = event({
  subject: 'corsac.config.v1.configuration.changed_notice',
  owner: 'config',
  listeners: ['token', 'authorize', 'session'],
  payload: z.object({ changes: z.array(changedTrack) }),
  delivery: 'every_replica',
});

/** Changes after a number; `reset` when that is too long ago to tell: then forget everything. */
export const listChanges = question({
  subject: 'corsac.config.v1.changes.list',
  owner: 'config',
  askers: ['token', 'authorize', 'session'],
  request: z.object({ after: z.number().int().nonnegative() }),
  response: z.object({ latest: z.number().int(), reset: z.boolean(), changes: z.array(changedTrack) }),
  refusals: [],
  safe_to_retry: true,
});
