import { clientOf, issuers } from './client/client.fixture.js';
import {
  checkAuthorizationRequest,
  checkIsAccessToken,
  checkPushedRequest,
  grantToClient,
  grantToDevice,
  isRegisteredUri,
  jwtBearer,
  normaliseUserCode,
  parseClaimsRequest,
  parseParameters,
  parseScope,
  presentedClient,
  presentedToken,
  readBasic,
  readCodeRequest,
  readExchangeRequest,
  readGrantType,
  readRefreshRequest,
  readRefreshToken,
  readTokenParameter,
  responseTypes,
} from './index.js';

/** A small generator with a fixed seed: the same hostile inputs in every run. */
const generator = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

const names =
  'client_id redirect_uri response_type response_mode scope state nonce prompt max_age claims resource audience request request_uri ' +
  'code_challenge code_challenge_method grant_type code code_verifier refresh_token subject_token subject_token_type actor_token ' +
  'client_secret client_assertion client_assertion_type token device_code access_token __proto__ constructor a[] a[b]';
const values = [
  ...[
    '',
    'app',
    'other',
    'code',
    'id_token token',
    'openid',
    'openid api1.read1',
    'form_post',
    'none login',
    '{}',
    '{"userinfo":[]}',
  ],
  ...[
    'https://app.example/cb',
    'https://evil.example',
    'http://127.0.0.1:99999/cb',
    'javascript:alert(1)',
    'S256',
    'plain',
    '-1',
    '1e9',
  ],
  ...[
    '%',
    '%00',
    '%FF',
    '%C3%28',
    '&&',
    '==',
    '+',
    '<script>',
    '\u202e',
    '😀',
    'x'.repeat(3_000),
    '__proto__',
    'toString',
    jwtBearer,
  ],
  ...[
    'urn:ietf:params:oauth:request_uri:x',
    'a.b.c',
    '..',
    'null',
    '[]',
    '"',
    '\\',
    '\r\nSet-Cookie: x=1',
    '${jndi:x}',
    "' or 1=1 --",
  ],
];

const requests = (count: number): string[] => {
  const random = generator(42);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] as string;
  return Array.from({ length: count }, () =>
    Array.from({ length: Math.floor(random() * 12) }, () => {
      const value = pick(values);
      return `${pick(names.split(' '))}=${random() < 0.7 ? encodeURIComponent(value) : value}`;
    }).join('&'),
  );
};

describe('hostile input', () => {
  const client = clientOf({ response_types: responseTypes, grant_types: ['client_credentials', 'refresh_token'] });

  it('is refused by values, never by a throw, and an error never travels to an address that is not registered', () => {
    for (const raw of requests(3_000)) {
      const parameters = parseParameters(raw);
      const result = checkAuthorizationRequest({ parameters, client, issuers });
      if (!result.ok && result.error.to === 'redirect')
        expect(result.error.redirect_uri).toBe('https://app.example/cb');
      if (result.ok) expect(isRegisteredUri(result.value.redirect_uri, client.redirect_uris)).toBe(true);
      const pushed = checkPushedRequest({ parameters, client, issuers });
      expect(pushed.ok || typeof pushed.error.error).toBeTruthy();
      for (const read of [readCodeRequest, readRefreshRequest, readExchangeRequest, readTokenParameter])
        read(parameters);
      for (const grant of [grantToClient, grantToDevice]) grant(parameters, client, issuers.track);
      readGrantType(parameters, client);
      presentedClient(parameters.values.get('state'), parameters, 'app');
    }
  });

  it('in headers and single values neither', () => {
    for (const value of values) {
      for (const header of [
        value,
        `Basic ${value}`,
        `Bearer ${value}`,
        `Basic ${Buffer.from(value).toString('base64')}`,
      ]) {
        readBasic(header);
        presentedToken(header);
      }
      parseScope(value);
      parseClaimsRequest(value);
      normaliseUserCode(value);
      expect(readRefreshToken(value, [])).toBeUndefined();
      checkIsAccessToken({ typ: value }, { typ: value });
    }
  });

  it('does not make the time grow: long repetitive values are read at once', () => {
    const long = (text: string) => text.repeat(Math.floor(100_000 / text.length));
    const started = process.cpuUsage();
    for (const text of ['a', ' ', '%20', '.', '://', 'http://127.0.0.1:', '[', '{"a":', 'Basic ', '==']) {
      const value = long(text);
      parseParameters(`scope=${value}`);
      parseScope(value);
      parseClaimsRequest(value);
      readBasic(`Basic ${value}`);
      presentedToken(`Bearer ${value}`);
      isRegisteredUri(value, client.redirect_uris);
      readRefreshToken(value, []);
      normaliseUserCode(value);
    }
    const spent = process.cpuUsage(started);
    expect(spent.user / 1_000_000).toBeLessThan(5);
  });
});
