import { formText, isTooDeep } from './body.js';
import { clientAddressReader } from './client-address.js';
import { cookieName, parseCookies, removeCookie, serializeCookie } from './cookies.js';
import { messageContextOf } from './message-context.js';

const https = 'https://id.example.com';
const http = 'http://localhost:4400';

describe('cookies', () => {
  it('are HttpOnly, Secure and SameSite=None over https', () => {
    expect(serializeCookie({ name: 's', value: 'abc', path: '/acme/-', max_age_s: 60 }, https)).toBe(
      's=abc; Path=/acme/-; Max-Age=60; HttpOnly; SameSite=None; Secure',
    );
  });

  it('are Lax over http, where browsers refuse None', () => {
    expect(serializeCookie({ name: 's', value: 'abc', path: '/' }, http)).toBe('s=abc; Path=/; HttpOnly; SameSite=Lax');
  });

  it('may ask for less than None', () => {
    expect(serializeCookie({ name: 's', value: '', path: '/', same_site: 'strict' }, https)).toContain(
      'SameSite=Strict; Secure',
    );
    expect(serializeCookie({ name: 's', value: '', path: '/', same_site: 'strict' }, http)).toContain(
      'SameSite=Strict',
    );
  });

  it('are removed by an age of nothing', () => {
    expect(removeCookie('s', '/acme', https)).toBe('s=; Path=/acme; Max-Age=0; HttpOnly; SameSite=None; Secure');
  });

  it('have a name that no insecure page can set', () => {
    expect([cookieName('corsac', https), cookieName('corsac', http)]).toEqual(['__Secure-corsac', 'corsac']);
  });

  it.each([
    { name: 'a b', value: 'x', path: '/' },
    { name: '', value: 'x', path: '/' },
    { name: 'a', value: 'x; Domain=evil', path: '/' },
    { name: 'a', value: 'x\r\ny', path: '/' },
    { name: 'a', value: '"x"', path: '/' },
    { name: 'a', value: 'x', path: '/;Secure' },
    { name: 'a', value: 'x', path: 'acme' },
  ])('cannot be made of %p', (cookie) => {
    expect(() => serializeCookie(cookie, https)).toThrow('cannot be written');
  });

  it('are read leniently, the first of a name wins', () => {
    expect([...parseCookies(' a=1; b = 2 ;a=3; broken; =x; c=d=e;')]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', 'd=e'],
    ]);
    expect(parseCookies(undefined).size).toBe(0);
    expect(parseCookies('').size).toBe(0);
  });
});

describe('client addresses', () => {
  const behind = clientAddressReader(['10.0.0.0/8', '127.0.0.1', 'fd00::/8']);

  it('are the socket’s where no proxy is trusted, whatever the header says', () => {
    expect(clientAddressReader([])('198.51.100.7', '203.0.113.1')).toBe('198.51.100.7');
    expect(behind('198.51.100.7', '203.0.113.1')).toBe('198.51.100.7');
  });

  it.each([
    ['10.0.0.1', '203.0.113.1', '203.0.113.1'],
    ['10.0.0.1', '6.6.6.6, 203.0.113.1', '203.0.113.1'],
    ['10.0.0.1', '6.6.6.6, 203.0.113.1, 10.0.0.2', '203.0.113.1'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['::ffff:10.0.0.1', '203.0.113.1:4711', '203.0.113.1'],
    ['fd00::1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['10.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['10.0.0.1', '::ffff:203.0.113.1', '203.0.113.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '203.0.113.1, <script>', '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    [undefined, '203.0.113.1', ''],
  ])('from %s with %j are %s', (socket, forwarded, expected) => {
    expect(behind(socket, forwarded)).toBe(expected);
  });

  it('of IPv4 are written one way, so that brakes count them once', () => {
    expect(clientAddressReader([])('::ffff:198.51.100.7', undefined)).toBe('198.51.100.7');
  });

  it('need networks that are networks', () => {
    expect(() => clientAddressReader(['proxy.internal'])).toThrow('neither an address nor a network');
  });
});

describe('bodies', () => {
  it('give form text, empty when nothing came, nothing when it is no form', () => {
    expect(formText({ kind: 'form', text: 'a=1' })).toBe('a=1');
    expect(formText({ kind: 'none' })).toBe('');
    expect(formText({ kind: 'json', value: {} })).toBeUndefined();
    expect(formText({ kind: 'other', content_type: 'text/xml', bytes: Buffer.from('') })).toBeUndefined();
  });

  it('are too deep when brackets nest, not when they stand in texts', () => {
    expect(isTooDeep('[[[]]]', 3)).toBe(false);
    expect(isTooDeep('[[[[]]]]', 3)).toBe(true);
    expect(isTooDeep('{"a":{"b":[{}]}}', 3)).toBe(true);
    expect(isTooDeep('["[[[[", "\\"[[[["]', 1)).toBe(false);
    expect(isTooDeep('[],[],[]', 1)).toBe(false);
    expect(isTooDeep(`${'{"a":'.repeat(100_000)}`)).toBe(true);
  });
});

describe('message context', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('carries request id and well-formed trace context', () => {
    expect(messageContextOf('r-1', { traceparent, tracestate: 'a=1' })).toEqual({
      request_id: 'r-1',
      traceparent,
      tracestate: 'a=1',
    });
    expect(messageContextOf('r-1', { traceparent })).toEqual({ request_id: 'r-1', traceparent });
    expect(messageContextOf('r-1', { traceparent: 'x', tracestate: 'a=1' })).toEqual({ request_id: 'r-1' });
    expect(messageContextOf('r-1', { traceparent, tracestate: 'x'.repeat(600) })).toEqual({
      request_id: 'r-1',
      traceparent,
    });
  });
});
