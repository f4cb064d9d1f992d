import type { Module, Variant } from './module.js';
import { channelModules } from './modules/channels.js';
import { claimsModules } from './modules/claims.js';
import { codeModules } from './modules/codes.js';
import { discoveryModules } from './modules/discovery.js';
import { furtherModules } from './modules/further.js';
import { interactionModules } from './modules/interaction.js';
import { logoutModules } from './modules/logout.js';
import { requestModules } from './modules/requests.js';
import { responseModules } from './modules/response.js';

/** Modules of a plan that run with the same variant. */
export interface Part {
  readonly variant: Variant;
  readonly modules: readonly Module[];
}

/** A plan of the suite, under its name there and under the profile that it certifies. */
export interface Plan {
  readonly name: string;
  readonly profile: string;
  readonly parts: readonly Part[];
}

const all = [
  ...responseModules,
  ...claimsModules,
  ...interactionModules,
  ...codeModules,
  ...requestModules,
  ...discoveryModules,
  ...logoutModules,
  ...channelModules,
  ...furtherModules,
];

const named = (names: string): Module[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => {
      const module = all.find((one) => one.name === `oidcc-${name}`);
      if (!module) throw new Error(`there is no module ${name}`);
      return module;
    });

/** What every flow is tried with: scopes, pages, wishes, addresses and request objects. */
const inEveryFlow = `
  server idtoken-signature
  scope-profile scope-email scope-address scope-phone scope-all
  display-page display-popup
  prompt-login prompt-none-not-logged-in prompt-none-logged-in max-age-1 max-age-10000
  ensure-request-with-unknown-parameter-succeeds id-token-hint login-hint ui-locales claims-locales
  ensure-request-with-acr-values-succeeds ensure-registered-redirect-uri
  request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
  unsigned-request-object-supported-correctly-or-rejected-as-unsupported
  claims-essential ensure-request-object-with-redirect-uri`;

const userinfo = 'userinfo-get userinfo-post-header userinfo-post-body';
const withCode = `${userinfo} codereuse codereuse-30seconds refresh-token`;
const noncePresent = 'ensure-request-without-nonce-fails';
const nonceFree = 'ensure-request-without-nonce-succeeds-for-code-flow';

const variantOf = (client_id: string, response_type: string): Variant => ({
  client_id,
  response_type,
  response_mode: 'default',
  client_auth: 'client_secret_basic',
});

/** A variant's modules, and the one that proves the client by the form. */
const withPost = (variant: Variant, names: string): Part[] => [
  { variant, modules: named(names) },
  { variant: { ...variant, client_auth: 'client_secret_post' }, modules: named('server-client-secret-post') },
];

const basic = withPost(
  variantOf('basic', 'code'),
  `${inEveryFlow} ${withCode} ${nonceFree} response-type-missing idtoken-unsigned ensure-other-scope-order-succeeds
   ensure-post-request-succeeds ensure-request-with-valid-pkce-succeeds`,
);

const implicit: Part[] = [
  {
    variant: variantOf('implicit', 'id_token'),
    modules: named(`${inEveryFlow} ${noncePresent} ensure-other-scope-order-succeeds`),
  },
  {
    variant: variantOf('implicit', 'id_token token'),
    modules: named(
      `${inEveryFlow} ${noncePresent} ensure-other-scope-order-succeeds ${userinfo} response-type-missing`,
    ),
  },
];

const hybrid = [
  ...withPost(
    variantOf('hybrid', 'code id_token'),
    `${inEveryFlow} ${withCode} ${noncePresent} response-type-missing ensure-other-scope-order-succeeds
     ensure-request-with-valid-pkce-succeeds`,
  ),
  ...withPost(variantOf('hybrid', 'code token'), `${inEveryFlow} ${withCode} ${nonceFree}`),
  ...withPost(variantOf('hybrid', 'code id_token token'), `${inEveryFlow} ${withCode} ${noncePresent}`),
];

const byFormPost = (parts: readonly Part[]): Part[] =>
  parts.map(({ variant, modules }) => ({ variant: { ...variant, response_mode: 'form_post' }, modules }));

const logout = (client_id: string, names: string): Part[] => [
  { variant: variantOf(client_id, 'code'), modules: named(names) },
];

/** The plans that Corsac passes, with their modules as the suite lists them. */
export const plans: readonly Plan[] = [
  {
    name: 'oidcc-config-certification-test-plan',
    profile: 'Config OP',
    parts: [{ variant: variantOf('config', 'code'), modules: named('discovery-endpoint-verification') }],
  },
  { name: 'oidcc-basic-certification-test-plan', profile: 'Basic OP', parts: basic },
  { name: 'oidcc-implicit-certification-test-plan', profile: 'Implicit OP', parts: implicit },
  { name: 'oidcc-hybrid-certification-test-plan', profile: 'Hybrid OP', parts: hybrid },
  {
    name: 'oidcc-formpost-basic-certification-test-plan',
    profile: 'Form Post Basic OP',
    parts: byFormPost(basic),
  },
  {
    name: 'oidcc-formpost-implicit-certification-test-plan',
    profile: 'Form Post Implicit OP',
    parts: byFormPost(implicit),
  },
  {
    name: 'oidcc-formpost-hybrid-certification-test-plan',
    profile: 'Form Post Hybrid OP',
    parts: byFormPost(hybrid),
  },
  {
    name: 'oidcc-rp-initiated-logout-certification-test-plan',
    profile: 'RP-Initiated Logout OP',
    parts: logout(
      'rp-logout',
      `rp-initiated-logout-discovery-endpoint-verification rp-initiated-logout
       rp-initiated-logout-bad-post-logout-redirect-uri rp-initiated-logout-modified-id-token-hint
       rp-initiated-logout-no-id-token-hint rp-initiated-logout-no-params
       rp-initiated-logout-no-post-logout-redirect-uri rp-initiated-logout-no-state rp-initiated-logout-only-state
       rp-initiated-logout-query-added-to-post-logout-redirect-uri rp-initiated-logout-bad-id-token-hint`,
    ),
  },
  {
    name: 'oidcc-frontchannel-rp-initiated-logout-certification-test-plan',
    profile: 'Front-Channel Logout OP',
    parts: logout(
      'front-logout',
      'frontchannel-logout-discovery-endpoint-verification frontchannel-rp-initiated-logout',
    ),
  },
  {
    name: 'oidcc-backchannel-rp-initiated-logout-certification-test-plan',
    profile: 'Back-Channel Logout OP',
    parts: logout('back-logout', 'backchannel-logout-discovery-endpoint-verification backchannel-rp-initiated-logout'),
  },
  {
    name: 'oidcc-dynamic-certification-test-plan',
    profile: 'Dynamic OP, in part',
    parts: [
      {
        variant: variantOf('further', 'code'),
        modules: named(
          `redirect-uri-query-OK redirect-uri-query-mismatch redirect-uri-query-added
           ensure-redirect-uri-in-authorization-request userinfo-rs256`,
        ),
      },
    ],
  },
];
