import { z } from 'zod';
import { everyClaim } from '../../claims/claims.js';
import { homeRealmShape } from '../../home-realm/settings.js';
import { nameSchema } from '../../names/names.js';
import { maxBoundUpParties } from '../../party-path/binding.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
import { forwardClaimsSchema } from './provider.js';

const selected = z.union([z.tuple([z.literal(everyClaim)]), z.array(nameSchema).min(1).max(maxBoundUpParties)]);

/** The end of a track link in the track that trusts: it names the other track and the down-party there, reference 4.1. */
export const trackLinkUpParty = z.strictObject({
  ...partyShape,
  ...sessionShape,
  ...homeRealmShape,
  type: z.literal('track_link'),
  to_down_track_name: nameSchema,
  to_down_party_name: nameSchema,
  selected_up_parties: selected
    .default([everyClaim])
    .meta({ description: 'Up-parties of the other track that may be used, or *.' }),
  claims: forwardClaimsSchema,
  pipe_external_id: z.boolean().default(false).meta({ description: 'true: sub becomes {up-party}|{sub}.' }),
});
