import { z } from 'zod';
import { allowUpPartiesSchema, partyShape } from '../party.js';
import { clientShape, maxSecrets, resourceSchema } from './client.js';

const shape = {
  ...partyShape,
  ...clientShape,
  type: z.literal('oauth2').describe('A client without users in front of it, an API, or both.'),
  allow_up_parties: allowUpPartiesSchema.default([]).describe('Up-parties whose tokens this client may exchange.'),
  require_pkce: z.boolean().default(false).describe('`true` is refused: there is no authorize endpoint.'),
  resource: resourceSchema.optional().describe('Makes it an API, for which access tokens can be asked.'),
};

/** A client without users in front of it, an API, or both; it has no authorize endpoint. Spec 3. */
export const oauth2DownParty = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    ...shape,
    secrets: z
      .array(secret)
      .max(maxSecrets)
      .default([])
      .describe(
        'Secrets of the client or API: the text itself (`${NAME}` takes it from the environment), or a hash. Kept as hashes.',
      ),
  });
