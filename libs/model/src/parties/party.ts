import { z } from 'zod';
import { claimTransformsSchema } from '../claims/transform-schema.js';
import { nameSchema } from '../names/names.js';

/** How Corsac writes the up-parties of a binding into addresses that it makes itself. Every style is read. */
export const bindingStyleSchema = z.enum(['brackets', 'tildes', 'dots']);
export type BindingStyle = z.output<typeof bindingStyleSchema>;

/** What every party has. */
export const partyShape = {
  name: nameSchema,
  display_name: z.string().min(1).max(100).optional(),
  note: z.string().max(200).optional(),
  binding_style: bindingStyleSchema.default('brackets'),
  claim_transforms: claimTransformsSchema.default([]),
};

/** Names of the up-parties that a down-party may use, in order of preference. */
export const allowUpPartiesSchema = z.array(nameSchema).max(200);
