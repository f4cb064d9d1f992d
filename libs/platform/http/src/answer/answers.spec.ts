import { HttpAnswer, sendBody, sendJson, sendNothing, sendRedirect, sendText, withHeaders } from './answer.js';
import { etagOf, matchesEtag, readyAnswer, sendReady } from './conditional.js';
import { answerPreflight, corsHeaders, withCors, type CorsPolicy } from './cors.js';
import { plainError } from './error-answer.js';
import { contentSecurityPolicy, sendHtml } from './page.js';

describe('answers', () => {
  it('are kept nowhere and sniffed by nobody unless said otherwise', () => {
    for (const answer of [
      sendJson({}),
      sendJson({}, {}),
      sendText('x'),
      sendHtml('x'),
      sendRedirect('https://a/'),
      sendNothing(),
    ]) {
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    }
    expect(sendText('x', { cache: 'public, max-age=60' }).headers['cache-control']).toBe('public, max-age=60');
  });

  it('have the type, status, headers and cookies that were asked for', () => {
    const answer = sendJson({ a: 1 }, { status: 201, headers: { pragma: 'no-cache' }, cookies: ['a=1', 'b=2'] });
    expect(answer).toMatchObject({ status: 201, body: '{"a":1}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      pragma: 'no-cache',
      'set-cookie': ['a=1', 'b=2'],
    });
    expect(sendBody(Buffer.from('x'), 'image/png').headers['content-type']).toBe('image/png');
    expect(sendJson({}, { cookies: [] }).headers).not.toHaveProperty('set-cookie');
  });

  it('may be given more headers, cookies beside the ones they have', () => {
    const answer = withHeaders(sendJson({}, { cookies: ['a=1'] }), {
      'set-cookie': ['b=2'],
      'cache-control': 'private',
    });
    expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'cache-control': 'private' });
    expect(withHeaders(sendJson({}), { 'set-cookie': ['b=2'] }).headers['set-cookie']).toEqual(['b=2']);
  });
});

describe('redirects', () => {
  it('are 303, so that a POST is not repeated elsewhere (RFC 9700 4.12)', () => {
    expect(sendRedirect('https://client.example.com/cb?code=x&state=y')).toMatchObject({
      status: 303,
      headers: { location: 'https://client.example.com/cb?code=x&state=y', 'referrer-policy': 'strict-origin' },
    });
  });

  it.each([
    ['https://a/\r\nset-cookie: x=1', 'https://a/%0D%0Aset-cookie:%20x=1'],
    ['https://a/"><script>', 'https://a/%22%3E%3Cscript%3E'],
    ['https://a/ä?q=ü€', 'https://a/%C3%A4?q=%C3%BC%E2%82%AC'],
    ['com.example.app:/cb?a=%20', 'com.example.app:/cb?a=%20'],
    ['https://a/cb?{x}|`', 'https://a/cb?%7Bx%7D%7C%60'],
  ])('make %j fit for a header', (address, location) => {
    expect(sendRedirect(address).headers['location']).toBe(location);
  });
});

describe('content security policy', () => {
  it('forbids everything that is not asked for, inline script above all', () => {
    const policy = contentSecurityPolicy();
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|script-src|form-action/);
  });

  it('leaves form-action out where a journey may end anywhere: Chromium applies it to redirects after a submit', () => {
    expect(contentSecurityPolicy({})).not.toContain('form-action');
    expect(contentSecurityPolicy({ form_targets: [] })).toContain("form-action 'self'");
    expect(
      contentSecurityPolicy({
        form_targets: ['https://app.example.com/cb?x=1', 'https://app.example.com/other', 'com.example.app:/cb'],
      }),
    ).toContain("form-action 'self' https://app.example.com com.example.app:;");
  });

  it('never becomes wider by an odd address', () => {
    const odd = [
      'javascript:alert(1)',
      'data:text/html,x',
      "https://a/; script-src 'unsafe-inline'",
      'no address',
      '*',
      "'unsafe-inline'",
    ];
    const policy = contentSecurityPolicy({
      form_targets: odd,
      frames: odd,
      framed_by: odd,
      connects: odd,
      style_hashes: ["x'; script-src *", 'sha256-abc='],
    });
    expect(policy).toContain("form-action 'self' https://a;");
    expect(policy).toContain("style-src 'self' 'sha256-abc='");
    expect(policy).not.toMatch(/unsafe|javascript|data:text|script-src|\*/);
  });

  it('allows frames, scripts, pictures and calls where a page needs them', () => {
    const policy = contentSecurityPolicy({
      scripts: true,
      frames: ['https://a/logout?sid=1', 'https://b/'],
      foreign_images: true,
      connects: [],
    });
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain('frame-src https://a https://b');
    expect(policy).toContain("img-src 'self' data: https:");
    expect(policy).toContain("connect-src 'self'");
  });

  it('goes along with every page, and with X-Frame-Options unless somebody may frame it', () => {
    expect(sendHtml('<p>').headers).toMatchObject({
      'x-frame-options': 'DENY',
      'content-security-policy': expect.any(String),
    });
    const framed = sendHtml('<p>', { policy: { framed_by: ['https://idp.example.com'] } }).headers;
    expect(framed['x-frame-options']).toBeUndefined();
    expect(framed['content-security-policy']).toContain('frame-ancestors https://idp.example.com');
  });
});

describe('conditional requests, RFC 9110 13', () => {
  const ready = readyAnswer('{"a":1}', 'application/json', { cache: 'public, max-age=60' });

  it('answer 304 without body to who has it', () => {
    expect(sendReady(ready, {})).toBe(ready.whole);
    for (const asked of [ready.etag, `W/${ready.etag}`, `"other", ${ready.etag}`, '*']) {
      const answer = sendReady(ready, { 'if-none-match': asked });
      expect([answer.status, answer.body, answer.headers['etag']]).toEqual([304, undefined, ready.etag]);
      expect(answer.headers).not.toHaveProperty('content-type');
    }
  });

  it('answer whole to who has another', () => {
    expect(matchesEtag({ 'if-none-match': '"other"' }, ready.etag)).toBe(false);
    expect(matchesEtag({ 'if-none-match': ready.etag.slice(1, -1) }, ready.etag)).toBe(false);
    expect(etagOf('a')).not.toBe(etagOf('b'));
    expect(ready.whole.headers).toMatchObject({ etag: etagOf('{"a":1}'), 'cache-control': 'public, max-age=60' });
  });
});

describe('CORS', () => {
  const policy: CorsPolicy = {
    origins: ['https://spa.example.com'],
    methods: ['POST'],
    request_headers: ['authorization', 'dpop'],
    exposed_headers: ['dpop-nonce'],
  };

  it('allows exact origins only, without cookies', () => {
    expect(corsHeaders('https://spa.example.com', policy)).toEqual({
      'access-control-allow-origin': 'https://spa.example.com',
      'access-control-expose-headers': 'dpop-nonce',
      vary: 'Origin',
    });
    for (const origin of [
      undefined,
      'null',
      'https://SPA.example.com',
      'https://spa.example.com.evil.test',
      'http://spa.example.com',
    ]) {
      expect(corsHeaders(origin, policy)).toEqual({ vary: 'Origin' });
    }
  });

  it('answers a preflight with methods and headers, or with nothing', () => {
    expect(answerPreflight('https://spa.example.com', policy)).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'authorization, dpop' },
    });
    expect(answerPreflight('https://evil.test', policy).headers).not.toHaveProperty('access-control-allow-methods');
  });

  it('lets anybody read what is public', () => {
    expect(
      withCors(sendJson({}), undefined, { origins: '*', methods: ['GET'] }).headers['access-control-allow-origin'],
    ).toBe('*');
  });
});

describe('plain errors', () => {
  it('are OAuth errors to programs and pages to browsers, with the reference', () => {
    const json = plainError({ status: 413, accept: undefined, request_id: 'r-1' });
    expect([json.status, JSON.parse(String(json.body))]).toEqual([
      413,
      { error: 'invalid_request', error_description: 'The request is too large.', request_id: 'r-1' },
    ]);
    expect(plainError({ status: 500, accept: 'text/html', request_id: 'r-1' }).body).toContain('<code>r-1</code>');
  });

  it('know what to say of any status', () => {
    for (const status of [400, 404, 405, 415, 418, 431, 500, 503, 599]) {
      const answer = plainError({ status, accept: '*/*', request_id: '-' });
      expect(answer).toBeInstanceOf(HttpAnswer);
      expect(JSON.parse(String(answer.body))).toMatchObject({
        error: expect.stringMatching(/^[a-z_]+$/),
        error_description: expect.stringMatching(/\.$/),
      });
    }
    expect(
      plainError({ status: 503, accept: undefined, request_id: '-', retry_after_s: 2 }).headers['retry-after'],
    ).toBe('2');
  });
});
