import { clientOf, issuers } from '../client/client.fixture.js';
import type { Client } from '../client/client.js';
import { parseParameters, type Parameters } from '../parameters/parse-parameters.js';
import { checkAuthorizationRequest } from './check-authorization-request.js';
import { parseRequestUri, requestUriOf } from './pushed-request-uri.js';
import { checkPushedRequest, resolvePushedRequest } from './pushed-request.js';

const jkt = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const raw = `client_id=app&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=code&scope=openid&state=s%26t&resource=api1&resource=api2`;
const client = (changes: Partial<Client> = {}) => clientOf({ require_pkce: false, ...changes });
const push = (text: string, dpop_jkt?: string, changes: Partial<Client> = {}) =>
  checkPushedRequest({ parameters: parseParameters(text), client: client(changes), issuers }, dpop_jkt);

describe('pushed authorization requests, RFC 9126', () => {
  it('keeps the request, not what proves the client, and the authorize endpoint takes it as it was', () => {
    const pushed = push(`${raw}&client_secret=s&client_assertion=a&client_assertion_type=t`);
    if (!pushed.ok) throw new Error(pushed.error.error);
    expect(pushed.value.parameters.map(([name]) => name)).toEqual([
      'client_id',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
      'resource',
      'resource',
    ]);
    const kept = JSON.parse(JSON.stringify(pushed.value)) as typeof pushed.value;
    const result = checkAuthorizationRequest({
      parameters: parseParameters(`client_id=app&request_uri=${encodeURIComponent(requestUriOf('r'.repeat(22)))}`),
      client: client({ require_pushed_authorization_requests: true }),
      issuers,
      resolved: resolvePushedRequest(kept, 'app'),
      pushed: true,
    });
    expect(result).toMatchObject({ ok: true, value: { state: 's&t', grant: { resources: ['api1', 'api2'] } } });
  });

  it.each([
    ['a request_uri', `${raw}&request_uri=${requestUriOf('r'.repeat(22))}`, 'invalid_request'],
    ['an unregistered redirect_uri', raw.replace('app.example', 'evil.example'), 'invalid_request'],
    ['a repeated parameter', `${raw}&state=2`, 'invalid_request'],
    ['a scope that is not the client’s', raw.replace('scope=openid', 'scope=openid%20x'), 'invalid_scope'],
    ['no openid', raw.replace('scope=openid', 'scope=profile'), 'invalid_scope'],
    [
      'a response type that is not the client’s',
      raw.replace('response_type=code', 'response_type=token'),
      'unsupported_response_type',
    ],
    ['a resource that is not the client’s', `${raw}&resource=api9`, 'invalid_target'],
    ['no client_id', raw.replace('client_id=app&', ''), 'invalid_request'],
  ])('refuses %s directly', (_title, text, error) => {
    expect(push(text)).toMatchObject({ ok: false, error: { error } });
  });

  it('binds the code to the key of the proof, RFC 9449 10.1', () => {
    const bound = (text: string, dpop_jkt?: string) => {
      const pushed = push(text, dpop_jkt);
      return pushed.ok ? pushed.value.parameters.filter(([name]) => name === 'dpop_jkt') : pushed.error.error;
    };
    expect(bound(raw, jkt)).toEqual([['dpop_jkt', jkt]]);
    expect(bound(`${raw}&dpop_jkt=${jkt}`, jkt)).toEqual([['dpop_jkt', jkt]]);
    expect(bound(`${raw}&dpop_jkt=${jkt}`)).toEqual([['dpop_jkt', jkt]]);
    expect(bound(raw)).toEqual([]);
    expect(bound(`${raw}&dpop_jkt=${jkt}`, jkt.replace('E', 'F'))).toBe('invalid_dpop_proof');
  });

  it('keeps the parameters of a request object in its place', () => {
    const inner: Parameters = parseParameters(raw.replace('state=s%26t', 'state=inner'));
    const pushed = checkPushedRequest({
      parameters: parseParameters('client_id=app&request=x'),
      client: client(),
      issuers,
      resolved: { ok: true, value: inner },
    });
    expect(pushed.ok && pushed.value.parameters).toContainEqual(['state', 'inner']);
    expect(pushed.ok && pushed.value.parameters.map(([name]) => name)).not.toContain('request');
  });

  it('an unknown, used or foreign reference is an invalid request_uri', () => {
    const pushed = { client_id: 'app', parameters: [] };
    expect(resolvePushedRequest(undefined, 'app')).toMatchObject({ error: { error: 'invalid_request_uri' } });
    expect(resolvePushedRequest(pushed, 'other')).toMatchObject({ error: { error: 'invalid_request_uri' } });
  });

  it.each([
    [requestUriOf('r'.repeat(22)), 'r'.repeat(22)],
    [requestUriOf('short'), undefined],
    [requestUriOf('r'.repeat(129)), undefined],
    [requestUriOf(`../${'r'.repeat(22)}`), undefined],
    ['https://evil.example/', undefined],
    ['', undefined],
  ])('reads the reference of %p', (uri, reference) => {
    expect(parseRequestUri(uri)).toBe(reference);
  });
});
