import { z } from 'zod';
import { partyShape } from '../party.js';
import { forwardClaimsSchema, openidIssuerShape } from './provider.js';

/** An up-party that signs nobody in: another issuer whose access tokens may be exchanged here, spec 5 and reference 3. */
export const oauth2UpParty = z.strictObject({
  ...partyShape,
  ...openidIssuerShape,
  type: z.literal('oauth2').describe('Another issuer whose access tokens may be exchanged; signs nobody in.'),
  user_authentication: z.literal(false).default(false).describe('Users cannot sign in by this type.'),
  token_exchange: z.literal(true).default(true).describe('It is there for nothing else.'),
  claims: forwardClaimsSchema,
});
