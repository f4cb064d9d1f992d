import { z } from 'zod';
import type { DownParty, TrackSettings, UpParty } from '@corsac/model';
import { question } from '../contract/contract.js';
import { name } from '../contract/fields.js';

/**
 * Everything the other services need to know of a track, validated by the config service when it was written and
 * again when it was read. Large tracks come in pages; a page of another `version` than the first means: start again.
 * Client secrets are hashes, secrets for providers above are sealed.
 */
export const readTrack = question({
  subject: 'corsac.config.v1.track.read',
  owner: 'config',
  askers: ['authorize', 'token', 'session'],
  request: z.object({ tenant: name, track: name, cursor: z.string().max(200).optional() }),
  response: z.object({
    version: z.number().int(),
    settings: z.custom<TrackSettings>(),
    up_parties: z.array(z.custom<UpParty>()),
    down_parties: z.array(z.custom<DownParty>()),
    next: z.string().optional(),
  }),
  refusals: ['not_found'],
  safe_to_retry: true,
});
