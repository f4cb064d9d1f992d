import { checkErrorPage, checkRefusal } from '../checks.js';
import { moduleOf } from '../module.js';
import type { ModuleRun } from '../module-run.js';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A request object without signature that holds the whole request. OIDC Core 6.1. */
const unsigned = (claims: Readonly<Record<string, string>>): string => `${part({ alg: 'none' })}.${part(claims)}.`;

/** What must also stand outside: RFC 6749 wants it there. All else is left to the object. */
const outside = ({ client_id, response_type, scope, redirect_uri }: Readonly<Record<string, string>>) => ({
  client_id,
  response_type,
  scope,
  redirect_uri,
});

const nothing = Object.fromEntries(
  ['state', 'nonce', 'response_mode'].map((name) => [name, undefined] as [string, undefined]),
);

/** Unsigned request objects are never taken; the metadata must not say anything else. */
const checkMetadata = ({ provider: { metadata } }: ModuleRun): void => {
  expect(metadata.request_object_signing_alg_values_supported ?? []).not.toContain('none');
  expect([metadata['request_parameter_supported'], metadata['request_uri_parameter_supported']]).toEqual([
    false,
    false,
  ]);
};

/** Requests inside objects, which are taken wholly or refused by name, never ignored. */
export const requestModules = [
  moduleOf(
    'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
    'an unsigned request object is refused as request_not_supported, by the response mode that it asks for',
    async (run) => {
      checkMetadata(run);
      const inside = run.parameters();
      const outcome = await run.ask({ ...nothing, ...outside(inside), request: unsigned(inside) });
      if ('answer' in outcome) Object.assign(outcome.answer, { sent: inside });
      checkRefusal(run, outcome, ['request_not_supported']);
    },
  ),

  moduleOf(
    'oidcc-ensure-request-object-with-redirect-uri',
    'a wrong redirect_uri beside a request object gets an error page; nobody is sent to the right one instead',
    async (run) => {
      checkMetadata(run);
      const inside = run.parameters();
      const wrong = { ...outside(inside), redirect_uri: `${run.redirect_uri}/wrong` };
      checkErrorPage(run, await run.ask({ ...nothing, ...wrong, request: unsigned(inside) }), 'redirect_uri');
    },
  ),

  moduleOf(
    'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
    'a request_uri of the client is refused as request_uri_not_supported, and nobody fetches it',
    async (run) => {
      checkMetadata(run);
      const outcome = await run.ask({ request_uri: `${run.world.suite}/requesturi.jwt` });
      checkRefusal(run, outcome, ['request_uri_not_supported']);
    },
  ),
];
