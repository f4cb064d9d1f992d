import { z } from 'zod';
import { allowUpPartiesSchema, partyShape } from '../party.js';
import { redirectUriSchema, webUrlSchema } from '../urls.js';
import { clientShape, maxSecrets, resourceSchema, signingAlgSchema } from './client.js';

const refreshLifetime = z.int().min(900).max(126_144_000);

const shape = {
  ...partyShape,
  ...clientShape,
  type: z.literal('oidc'),
  allow_up_parties: allowUpPartiesSchema.default([]),
  post_logout_redirect_uris: z
    .array(redirectUriSchema)
    .max(200)
    .default([])
    .meta({ description: 'Empty: redirect_uris count.' }),
  frontchannel_logout_uri: webUrlSchema.optional(),
  frontchannel_logout_session_required: z.boolean().default(true),
  backchannel_logout_uri: webUrlSchema.optional(),
  backchannel_logout_session_required: z.boolean().default(true),
  require_pkce: z.boolean().default(true),
  authorization_code_lifetime: z.int().min(10).max(900).default(30),
  id_token_lifetime: z.int().min(300).max(86_400).default(3600),
  refresh_token_lifetime: refreshLifetime.default(36_000),
  refresh_token_absolute_lifetime: refreshLifetime.default(86_400),
  refresh_token_lifetime_unlimited: z.boolean().default(false),
  refresh_grace: z
    .int()
    .min(0)
    .max(300)
    .default(0)
    .meta({ description: 'For so long a repeated refresh gets the identical answer.' }),
  id_token_signed_response_alg: signingAlgSchema.optional(),
  userinfo_signed_response_alg: signingAlgSchema.optional(),
  request_object_signing_alg: signingAlgSchema.optional(),
  require_pushed_authorization_requests: z.boolean().default(false),
  require_logout_id_token_hint: z.boolean().default(false),
  resource: resourceSchema.optional(),
};

/** An OpenID Connect client, with a `resource` also an API under the same name; spec 3 and reference 2.2. */
export const oidcDownParty = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({ ...shape, secrets: z.array(secret).max(maxSecrets).default([]) });
