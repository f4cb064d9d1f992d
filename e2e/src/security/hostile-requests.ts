import type { RawRequest } from './raw-http.js';

type Parameters = Readonly<Record<string, string>>;

const form = 'Content-Type: application/x-www-form-urlencoded';
const evil = 'https://evil.example';

const encode = (parameters: Parameters): string => new URLSearchParams(parameters).toString();

const post = (target: string, body: Buffer | string, ...headers: readonly string[]): RawRequest => ({
  method: 'POST',
  target,
  body,
  headers: headers.length > 0 ? headers : [form],
});

/** The same parameters in the query and in a form. */
const bothWays = (path: string, text: string): RawRequest[] => [
  ...(text.length < 30_000 ? [{ target: `${path}?${text}` }] : []),
  post(path, text),
];

const longQueries = (text: string, usual: Parameters): string[] => [
  ...['state', 'redirect_uri', 'username', 'SAMLResponse'].map((name) =>
    encode({ ...usual, [name]: 'x'.repeat(10_000) }),
  ),
  `${'&'.repeat(5000)}${text}`,
  `${text}&${'p=1&'.repeat(5000)}`,
];

/** Parameters twice, as arrays, too long, not decodable, with control characters, leading elsewhere. */
const parameterRequests = (path: string, usual: Parameters): RawRequest[] => {
  const text = encode(usual);
  const all = (change: (name: string, value: string) => string): string =>
    Object.entries(usual)
      .map(([name, value]) => change(name, encodeURIComponent(value)))
      .join('&');
  return [
    text,
    `${text}&${text}`,
    all((name, value) => `${name}[]=${value}&${name}[a]=${value}`),
    all((name, value) => `${name}=${value}%00`),
    all((name, value) => `${name}=${value}%0d%0aX-Planted:%201`),
    all((name) => `${name}=%ff%fe%c0%af`),
    all((name) => `${name}=%zz%`),
    all((name) => `${name}=`),
    all((name) => name),
    all((name) => `${name}=${'%F0%9F%98%80%E2%80%AE'.repeat(5)}`),
    encode({ ...usual, redirect_uri: evil, post_logout_redirect_uri: evil, RelayState: evil, state: evil }),
    encode({
      ...usual,
      redirect_uri: 'javascript:alert(1)',
      post_logout_redirect_uri: '//evil.example',
      client_id: evil,
    }),
    encode({
      ...usual,
      scope: '"><script>alert(1)</script>',
      state: '"><script>',
      username: "' OR 1=1 --",
      client_id: '__proto__',
    }),
    encode({
      ...usual,
      grant_type: 'constructor',
      response_type: '__proto__',
      response_mode: 'toString',
      prompt: 'valueOf',
    }),
    encode({
      ...usual,
      max_age: '1e999',
      claims: '[[[',
      id_token_hint: '..',
      request: 'e30..',
      request_uri: `${evil}/r`,
    }),
    encode({
      ...usual,
      claims: '{"id_token":{"__proto__":{"essential":1}}}',
      acr_values: '\u0000',
      ui_locales: '../../etc',
    }),
    encode({ 'corsac[__proto__][x]': '1', __proto__: '1', constructor: '1', 'a.b.c': '1' }),
    all((name, value) => `${name}=${value.repeat(Math.ceil(600 / (value.length + 1)))}`),
    ...longQueries(text, usual),
  ].flatMap((query) => bothWays(path, query));
};

const deepXml = `<a>`.repeat(5000);
const entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><x>&b;</x>';

/** Bodies of every kind but the one that is expected, and too large ones. */
const bodyRequests = (path: string, usual: Parameters): RawRequest[] => {
  const text = encode(usual);
  const soap = 'Content-Type: text/xml; charset=utf-8';
  return [
    post(path, JSON.stringify(usual), 'Content-Type: application/json'),
    post(path, '['.repeat(20_000), 'Content-Type: application/json'),
    post(path, '{"__proto__":{"a":1}}', 'Content-Type: application/json'),
    post(
      path,
      '--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n1\r\n--b--',
      'Content-Type: multipart/form-data; boundary=b',
    ),
    post(path, text, 'Content-Type: text/plain'),
    post(path, text, 'X-None: 1'),
    post(path, text, 'Content-Type: application/x-www-form-urlencoded; charset=utf-7'),
    post(path, text, 'Content-Type: application/x-www-form-urlencoded; charset="'),
    post(path, text, 'Content-Type: ;;;'),
    post(path, text, `Content-Type: ${'a/'.repeat(500)}`),
    post(path, text, form, 'Content-Encoding: gzip'),
    post(path, Buffer.from([0, 0xff, 0xfe, 0x3d, 0xc3, 0x28, 0x26, 0]), form),
    post(path, `<x>${deepXml}</x>`, soap),
    post(path, entities, soap),
    post(
      path,
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body/></soap:Envelope>',
      soap,
    ),
    ...[deepXml, entities].flatMap((xml) => {
      const message = Buffer.from(xml).toString('base64');
      return [post(path, encode({ SAMLRequest: message })), post(path, encode({ SAMLResponse: message }))];
    }),
    post(path, `state=${'x'.repeat(1_000_000)}`),
    post(path, Buffer.alloc(1_100_000, 0x41), 'Content-Type: application/octet-stream'),
    post(path, text, form, 'Transfer-Encoding: chunked'),
    { method: 'POST', target: path, headers: [form, 'Content-Length: 5', 'Content-Length: 7'] },
  ];
};

const headerRequests = (path: string, usual: Parameters): RawRequest[] => {
  const asked = `${path}?${encode(usual)}`;
  const of = (...headers: readonly string[]): RawRequest[] => [
    { target: asked, headers },
    post(path, encode(usual), form, ...headers),
  ];
  return [
    ...of(`Cookie: corsac=${'c'.repeat(30_000)}`),
    ...of(`Cookie: ${'a=b; '.repeat(4000)}`),
    ...of(`Cookie: ;;=;=x;corsac="\xff\x80"; __proto__=1; constructor=2`),
    ...of(...Array.from({ length: 2000 }, (_, at) => `X-H${at}: 1`)),
    ...of(`X-Long: ${'x'.repeat(100_000)}`),
    ...[
      'Basic',
      'Basic =====',
      'Basic /////w==',
      `Basic ${'QQ'.repeat(4000)}`,
      'Bearer',
      'Bearer a.b.c',
      'DPoP \xff',
      'Negotiate x',
      ': :',
      'Bearer e30.e30.e30',
    ].flatMap((value) => of(`Authorization: ${value}`)),
    ...of('Authorization: Basic c2hvcDpzaG9w', 'Authorization: Bearer abc'),
    ...of('DPoP: e30.e30.e30', 'DPoP: e30.e30.e30'),
    ...of(
      `X-Forwarded-Host: evil.example`,
      'X-Forwarded-Proto: gopher',
      'X-Forwarded-For: 1.1.1.1, \xff',
      'Forwarded: host=evil.example',
    ),
    ...of('X-Original-URL: /metrics', 'X-Rewrite-URL: /outbox', 'X-HTTP-Method-Override: DELETE'),
    ...of('Accept: text/html', 'Accept-Language: ../../../etc/passwd, *;q=9', 'Origin: null', 'If-None-Match: *'),
    ...of('traceparent: 00-x-y-z', 'x-request-id: \x01', `Origin: ${evil}`, 'Range: bytes=0-1,5-', 'Expect: 200-ok'),
    { target: asked, host: 'evil.example' },
    { target: asked, host: 'evil.example:99999999' },
    { target: asked, host: 'a b', headers: ['Host: again'] },
    { target: asked, headers: ['Expect: 100-continue'] },
    { target: asked, headers: ['Upgrade: websocket', 'Connection: upgrade'] },
  ];
};

const methods = [
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'HEAD',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'FROB',
  'get',
  'A'.repeat(300),
];

/** The address itself bent. */
const addressRequests = (path: string): RawRequest[] => {
  const [, first = '', ...rest] = path.split('/');
  const last = rest.at(-1) ?? '';
  const below = (with_: string): string => path.replace(/[^/]+$/, with_);
  const paths = [
    `/${path}`,
    path.replaceAll('/', '//'),
    `${path}/`,
    `${path}/..`,
    `${path}/../../../../etc/passwd`,
    `${path}/%2e%2e/%2e%2e/metrics`,
    `${path}%00`,
    `${path}%0d%0aX-Planted:1`,
    `${path};a=b`,
    `${path}#x`,
    below('..%2f..%2fpackage.json'),
    below('%5c..%5c..%5cetc'),
    below('%'),
    below('%zz'),
    below('%ff'),
    below('__proto__'),
    below('x'.repeat(15_000)),
    `/%2f${first}/${last}`,
    path.replace('/acme/', '/__proto__/'),
    path.replace('/acme/', '/acme%00/'),
    path.replace('/acme/', `/${'a'.repeat(3000)}/`),
    path.replace('/acme/-/', '/acme/constructor/'),
    ...[
      '(',
      ')',
      '()',
      '(*)',
      '(login,login)',
      '((login))',
      '%28login%29',
      `(${'login,'.repeat(100)}login)`,
      '(nobody)',
      '(%00)',
      '*',
    ].flatMap((binding) => (path.includes('(') ? [path.replace(/\([^)]*\)/, binding)] : [])),
    ...(path.includes('(')
      ? [path.replace(/[^/]*\(/, `${'p'.repeat(2500)}(`), path.replace(/[^/]*\([^)]*\)/, '\xe9\xff')]
      : []),
    `http://evil.example${path}`,
    `//evil.example${path}`,
    `\\\\evil.example${path}`,
  ];
  return [
    ...paths.flatMap((target) => [{ target }, post(target, 'a=b')]),
    ...methods.map((method) => ({ method, target: path })),
    ...methods.map((method) => ({ method, target: path, body: 'a=b', headers: [form] })),
    { target: path, version: 'HTTP/1.0' },
    { target: path, version: 'HTTP/0.9' },
    { target: path, version: 'HTTP/3.0' },
    { target: path, version: '' },
    { target: `${path} ${path}` },
    { target: `${path}\x00` },
    { target: `${path}\xff` },
  ];
};

/** All that is tried with every endpoint. */
export const hostileRequests = (path: string, usual: Parameters): RawRequest[] => [
  ...parameterRequests(path, usual),
  ...bodyRequests(path, usual),
  ...headerRequests(path, usual),
  ...addressRequests(path),
];
