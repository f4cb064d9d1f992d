import { z } from 'zod';
import { allowUpPartiesSchema, partyShape } from '../party.js';
import { redirectUriSchema, webUrlSchema } from '../urls.js';
import { clientShape, maxSecrets, resourceSchema, signingAlgSchema } from './client.js';

const refreshLifetime = z.int().min(900).max(126_144_000);

const shape = {
  ...partyShape,
  ...clientShape,
  type: z.literal('oidc').describe('An OpenID Connect client, with `resource` also an API.'),
  allow_up_parties: allowUpPartiesSchema
    .default([])
    .describe(
      'Up-parties by which its users may sign in and whose tokens it may exchange; the order is that of the buttons. At least one must sign in users.',
    ),
  post_logout_redirect_uris: z
    .array(redirectUriSchema)
    .max(200)
    .default([])
    .describe('Where a logout may return to; compared exactly. Empty: `redirect_uris` count.'),
  initiate_login_uri: webUrlSchema
    .optional()
    .describe('Page that begins a sign-in which an identity provider began (OIDC Core 4); it gets `iss`.'),
  frontchannel_logout_uri: webUrlSchema
    .optional()
    .describe('Page that is loaded in a frame when a session of the client ends.'),
  frontchannel_logout_session_required: z.boolean().default(true).describe('Adds `iss` and `sid` to that address.'),
  backchannel_logout_uri: webUrlSchema
    .optional()
    .describe('Where a logout token is sent when a session of the client ends, again until it is answered.'),
  backchannel_logout_session_required: z.boolean().default(true).describe('Puts `sid` into the logout token.'),
  require_pkce: z
    .boolean()
    .default(true)
    .describe('Refuses requests for a code without PKCE challenge. A challenge that is sent always counts; only S256.'),
  authorization_code_lifetime: z.int().min(10).max(900).default(30).describe('Seconds that a code is valid.'),
  id_token_lifetime: z.int().min(300).max(86_400).default(3600).describe('Seconds that an ID token is valid.'),
  refresh_token_lifetime: refreshLifetime.default(36_000).describe('Seconds that a refresh token may lie unused.'),
  refresh_token_absolute_lifetime: refreshLifetime
    .default(86_400)
    .describe('Seconds after the first refresh token at which its last successor ends.'),
  refresh_token_lifetime_unlimited: z
    .boolean()
    .default(false)
    .describe('Leaves the absolute end out: used in time, a grant goes on.'),
  refresh_grace: z
    .int()
    .min(0)
    .max(300)
    .default(0)
    .describe(
      'Seconds in which a refresh token that was used already gets the same successor again. 0: a second use ends the grant.',
    ),
  id_token_signed_response_alg: signingAlgSchema
    .optional()
    .describe('Signs its ID tokens; the track must have a key for it. Left out: the default of the track.'),
  userinfo_signed_response_alg: signingAlgSchema
    .optional()
    .describe('UserInfo answers a JWT signed with it. Left out: plain JSON.'),
  request_object_signing_alg: signingAlgSchema
    .optional()
    .describe('The one algorithm of its request objects. Left out: any of these.'),
  require_pushed_authorization_requests: z
    .boolean()
    .default(false)
    .describe('Refuses authorize requests that were not pushed, RFC 9126.'),
  require_logout_id_token_hint: z
    .boolean()
    .default(false)
    .describe('Refuses logout requests without a valid ID token hint.'),
  resource: resourceSchema
    .optional()
    .describe('Makes it an API too, for which access tokens can be asked under the same name.'),
};

/** An OpenID Connect client, with a `resource` also an API under the same name; spec 3 and reference 2.2. */
export const oidcDownParty = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    ...shape,
    secrets: z
      .array(secret)
      .max(maxSecrets)
      .default([])
      .describe(
        'Secrets of the client: the text itself (`${NAME}` takes it from the environment), or a hash. Kept as hashes. None: a public client.',
      ),
  });
