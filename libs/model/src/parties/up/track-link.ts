import { z } from 'zod';
import { everyClaim } from '../../claims/claims.js';
import { homeRealmShape } from '../../home-realm/settings.js';
import { nameSchema } from '../../names/names.js';
import { maxBoundUpParties } from '../../party-path/binding.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
import { linkExternalUserShape } from './link-external-user.js';
import { forwardClaimsSchema } from './provider.js';

const selected = z.union([z.tuple([z.literal(everyClaim)]), z.array(nameSchema).min(1).max(maxBoundUpParties)]);

/** The end of a track link in the track that trusts: it names the other track and the down-party there, reference 4.1. */
export const trackLinkUpParty = z.strictObject({
  ...partyShape,
  ...sessionShape,
  ...homeRealmShape,
  ...linkExternalUserShape,
  type: z.literal('track_link').describe('Another track of the tenant.'),
  to_down_track_name: nameSchema.describe('The other track.'),
  to_down_party_name: nameSchema.describe(
    'The down-party of type `track_link` there that names this track and up-party.',
  ),
  selected_up_parties: selected
    .default([everyClaim])
    .describe(
      'Up-parties of the other track that may be used, at most four, or `*` for all that the down-party there allows.',
    ),
  claims: forwardClaimsSchema,
  pipe_external_id: z
    .boolean()
    .default(false)
    .describe('`true`: `sub` becomes `{name}|{sub}`. `false`: it is the same in both tracks.'),
});
