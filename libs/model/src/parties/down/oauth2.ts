import { z } from 'zod';
import { allowUpPartiesSchema, partyShape } from '../party.js';
import { clientShape, maxSecrets, resourceSchema } from './client.js';

const shape = {
  ...partyShape,
  ...clientShape,
  type: z.literal('oauth2'),
  allow_up_parties: allowUpPartiesSchema
    .default([])
    .meta({ description: 'Up-parties whose tokens this client may exchange.' }),
  require_pkce: z.boolean().default(false),
  resource: resourceSchema.optional(),
};

/** A client without users in front of it, an API, or both; it has no authorize endpoint. Spec 3. */
export const oauth2DownParty = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({ ...shape, secrets: z.array(secret).max(maxSecrets).default([]) });
