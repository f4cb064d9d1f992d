import { z } from 'zod';
import { question } from '../contract/contract.js';
import { claims, name, opaqueId, unixSeconds } from '../contract/fields.js';
import { signedInUser } from '../session/session.js';

/** What a user's sign-in grants a client: kept with the code, the refresh grant and nothing else. */
export const authorizationGrant = z.object({
  tenant: name,
  track: name,
  client_id: name,
  /** Fixed at the authorize request: the address it came by (or the track's, when the party says so). */
  issuer: z.string(),
  /** What was granted, as the scope rules of the protocol made it. */
  scopes: z.object({
    scope: z.array(z.string()).readonly(),
    resources: z.array(z.string()).readonly(),
    resource_scope: z.boolean(),
    targeted: z.boolean(),
  }),
  sid: opaqueId,
  up_party: name,
  sub: z.string(),
  /** By whose end the grant ends, whatever `sub` became. */
  user: signedInUser.optional(),
  /** Claims of the session after the down-party's transforms; the issue list applies when tokens are made. */
  claims,
  auth_time: unixSeconds,
  amr: z.array(z.string()),
  acr: z.string().optional(),
  nonce: z.string().optional(),
  /** OIDC Core 5.5, as parsed. */
  claims_request: z.object({ id_token: claims, userinfo: claims }).optional(),
  /** True when `max_age` was sent or `auth_time` asked as essential. */
  auth_time_required: z.boolean().optional(),
});
export type AuthorizationGrant = z.infer<typeof authorizationGrant>;

/**
 * Makes what an authorization response carries: a code, and for hybrid and implicit flows the tokens beside it.
 * One question whatever the response type.
 */
export const issueCode = question({
  subject: 'corsac.token.v1.code.issue',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({
    grant: authorizationGrant,
    /** Words of the response type: `code`, `token`, `id_token`. */
    response_types: z
      .array(z.enum(['code', 'token', 'id_token']))
      .min(1)
      .max(3),
    redirect_uri: z.string(),
    code_challenge: z.string().optional(),
    /** RFC 9449 10: the key that the code is bound to. */
    dpop_jkt: z.string().optional(),
    /** For `s_hash` when an ID token leaves by the front channel. */
    state: z.string().optional(),
  }),
  response: z.object({
    code: z.string().optional(),
    access_token: z.string().optional(),
    token_type: z.literal('Bearer').optional(),
    expires_in: z.number().int().optional(),
    scope: z.string().optional(),
    id_token: z.string().optional(),
  }),
  refusals: ['unknown_client', 'key_not_ready'],
});
