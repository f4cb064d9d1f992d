import { z } from 'zod';
import { everyClaim } from '../../claims/claims.js';
import { nameSchema } from '../../names/names.js';
import { allowUpPartiesSchema, partyShape } from '../party.js';
import { issueClaimSchema } from './client.js';

/** The end of a track link in the track that is trusted: it names the other track and the up-party there, reference 4.1. */
export const trackLinkDownParty = z.strictObject({
  ...partyShape,
  type: z.literal('track_link').describe('Another track of the tenant.'),
  to_up_track_name: nameSchema.describe('The other track.'),
  to_up_party_name: nameSchema.describe(
    'The up-party of type `track_link` there that names this track and down-party.',
  ),
  allow_up_parties: allowUpPartiesSchema
    .default([])
    .describe('Up-parties by which users of the other track may sign in here. At least one must sign in users.'),
  claims: z
    .array(issueClaimSchema)
    .max(100)
    .refine((list) => new Set(list.map(({ claim }) => claim)).size === list.length, {
      message: 'must not name a claim twice',
    })
    .default([{ claim: everyClaim, values: [], in_id_token: false }])
    .describe('Claims that the other track gets, besides those of every sign-in.'),
});
