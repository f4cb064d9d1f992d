import { z } from 'zod';
import { homeRealmShape } from '../../home-realm/settings.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
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
    .refine((name) => !ownParameters.includes(name), { message: 'is a parameter that Corsac sets itself' }),
  value: z.string().max(500),
});

const shape = {
  ...partyShape,
  ...openidIssuerShape,
  ...trustShape,
  ...sessionShape,
  ...homeRealmShape,
  type: z.literal('oidc'),
  client_id: z.string().min(1).max(300).optional().meta({ description: 'Our client id there; by default the name.' }),
  token_endpoint_auth_method: z
    .enum(['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'])
    .default('client_secret_post'),
  client_assertion_lifetime: z.int().min(10).max(900).default(300),
  enable_pkce: z.boolean().default(true),
  scopes: z.array(scope).max(100).default([]).meta({ description: 'Asked for besides openid.' }),
  claims: forwardClaimsSchema,
  additional_parameters: z.array(additionalParameter).max(10).default([]),
  response_type: z
    .enum(['code', 'code id_token', 'code token', 'code id_token token', 'id_token', 'id_token token'])
    .default('code'),
  response_mode: z.enum(['form_post', 'query']).default('form_post'),
  authorization_endpoint: webUrlSchema.optional(),
  token_endpoint: webUrlSchema.optional(),
  end_session_endpoint: webUrlSchema.optional(),
  claims_source: z.enum(['id_token', 'userinfo']).default('id_token'),
  frontchannel_logout: z.boolean().default(true),
  frontchannel_logout_session_required: z.boolean().default(true),
  backchannel_logout: z.boolean().default(true),
};

/** An up-party that is an OpenID Provider, spec 4 and reference 3.1. Its secret's schema says whether it is as written or as kept. */
export const oidcUpParty = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({ ...shape, client_secret: secret.optional() });
