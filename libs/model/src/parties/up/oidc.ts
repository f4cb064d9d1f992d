import { z } from 'zod';
import { homeRealmShape } from '../../home-realm/settings.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
import { linkExternalUserShape } from './link-external-user.js';
import { webUrlSchema } from '../urls.js';
import { forwardClaimsSchema, openidIssuerShape, trustShape } from './provider.js';

const scope = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope without blanks or quotes');

/** Parameters that Corsac sets itself; an additional one may not overrule them. */
const ownParameters = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
];

const additionalParameter = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .refine((name) => !ownParameters.includes(name), { message: 'must not be a parameter that Corsac sets itself' })
    .describe('Name of the parameter.'),
  value: z.string().max(500).describe('Value of the parameter.'),
});

const shape = {
  ...partyShape,
  ...openidIssuerShape,
  ...trustShape,
  ...sessionShape,
  ...homeRealmShape,
  ...linkExternalUserShape,
  type: z.literal('oidc').describe('An OpenID Provider.'),
  client_id: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe('Client id of this up-party at the provider. Left out: `name`.'),
  token_endpoint_auth_method: z
    .enum(['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'])
    .default('client_secret_post')
    .describe(
      'How it proves itself at the token endpoint. `private_key_jwt`: with the key of the track. `none`: with PKCE alone.',
    ),
  client_assertion_lifetime: z
    .int()
    .min(10)
    .max(900)
    .default(300)
    .describe('Seconds that an assertion for `private_key_jwt` is valid.'),
  enable_pkce: z.boolean().default(true).describe('Sends a PKCE challenge (S256) with every request for a code.'),
  scopes: z.array(scope).max(100).default([]).describe('Scopes that are asked for besides `openid`.'),
  claims: forwardClaimsSchema,
  additional_parameters: z
    .array(additionalParameter)
    .max(10)
    .default([])
    .describe('Further parameters of the authorize request.'),
  response_type: z
    .enum(['code', 'code id_token', 'code token', 'code id_token token', 'id_token', 'id_token token'])
    .default('code')
    .describe('What the provider is asked for.'),
  response_mode: z
    .enum(['form_post', 'query'])
    .default('form_post')
    .describe('How the provider sends its answer. `query` goes with `code` only.'),
  authorization_endpoint: webUrlSchema.optional().describe('Where users are sent, in place of the discovered address.'),
  token_endpoint: webUrlSchema.optional().describe('Where codes are redeemed, in place of the discovered address.'),
  end_session_endpoint: webUrlSchema
    .optional()
    .describe('Where a logout sends the user, in place of the discovered address.'),
  claims_source: z
    .enum(['id_token', 'userinfo'])
    .default('id_token')
    .describe(
      'Where claims come from. `userinfo`: a further request per sign-in; its `sub` must be that of the ID token.',
    ),
  frontchannel_logout: z.boolean().default(true).describe('The provider may end sessions by front-channel logout.'),
  frontchannel_logout_session_required: z
    .boolean()
    .default(true)
    .describe('Without effect: `iss` and `sid` are always required.'),
  backchannel_logout: z.boolean().default(true).describe('The provider may end sessions by back-channel logout.'),
};

/** An up-party that is an OpenID Provider, spec 4 and reference 3.1. Its secret's schema says whether it is as written or as kept. */
export const oidcUpParty = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    ...shape,
    client_secret: secret
      .optional()
      .describe('Secret at the provider; kept sealed. Required with the two secret methods when codes are asked for.'),
  });
