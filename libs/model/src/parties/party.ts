import { z } from 'zod';
import { claimTransformsSchema } from '../claims/transform-schema.js';
import { nameSchema } from '../names/names.js';

/** How Corsac writes the up-parties of a binding into addresses that it makes itself. Every style is read. */
export const bindingStyleSchema = z.enum(['brackets', 'tildes', 'dots']);
export type BindingStyle = z.output<typeof bindingStyleSchema>;

/** What every party has. */
export const partyShape = {
  name: nameSchema.describe(
    'Unique among the up-parties or the down-parties of the track. Of a down-party it is the client id and the name of its resource; of both it is part of addresses.',
  ),
  display_name: z.string().min(1).max(100).optional().describe('What pages call it. Left out: `name`.'),
  note: z.string().max(200).optional().describe('For administrators; nothing reads it.'),
  binding_style: bindingStyleSchema
    .default('brackets')
    .describe(
      'How addresses that Corsac makes itself name an up-party: `(login)`, `~login~` or `.login.`; every style is read. Of a down-party, and of an `oauth2` up-party, only `brackets`: no such address is made of them.',
    ),
  claim_transforms: claimTransformsSchema
    .default([])
    .describe(
      'Rules that change claims, see [claim transforms](#claim-transforms). Of an up-party they run on what it gave, of a down-party on what is about to be issued.',
    ),
};

/** Names of the up-parties that a down-party may use, in order of preference. */
export const allowUpPartiesSchema = z.array(nameSchema).max(200);
