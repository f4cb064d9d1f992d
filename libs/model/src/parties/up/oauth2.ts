import { z } from 'zod';
import { partyShape } from '../party.js';
import { forwardClaimsSchema, openidIssuerShape } from './provider.js';

/** An up-party that signs nobody in: another issuer whose access tokens may be exchanged here, spec 5 and reference 3. */
export const oauth2UpParty = z.strictObject({
  ...partyShape,
  ...openidIssuerShape,
  type: z.literal('oauth2'),
  user_authentication: z.literal(false).default(false),
  token_exchange: z.literal(true).default(true),
  claims: forwardClaimsSchema,
});
