import { oauthError } from '../errors.js';
import { respond, respondWithError, withQuery } from './respond.js';

const to = {
  redirect_uri: 'https://app.example/cb',
  response_mode: 'query',
  issuer: 'https://id.example/app(login)',
  state: 'a b&c',
} as const;

describe('answers of the authorize endpoint, RFC 6749 4.1.2 and RFC 9207', () => {
  it('query: adds to the address, always with state and iss', () => {
    expect(respond(to, { code: 'x/y' })).toEqual({
      method: 'redirect',
      url: 'https://app.example/cb?code=x%2Fy&state=a+b%26c&iss=https%3A%2F%2Fid.example%2Fapp%28login%29',
    });
  });

  it('query: keeps a query that is there', () => {
    const answer = respond(
      { ...to, redirect_uri: 'https://app.example/cb?tenant=a%20b', state: undefined },
      { code: 'x' },
    );
    expect(answer.url).toBe('https://app.example/cb?tenant=a%20b&code=x&iss=https%3A%2F%2Fid.example%2Fapp%28login%29');
  });

  it('fragment: after the address, also when it has a query', () => {
    const answer = respond(
      { ...to, response_mode: 'fragment', redirect_uri: 'https://app.example/cb?x=1' },
      { access_token: 't', token_type: 'Bearer', expires_in: 3600, scope: 'openid' },
    );
    expect(answer.method).toBe('redirect');
    expect(answer.url).toMatch(
      /^https:\/\/app\.example\/cb\?x=1#access_token=t&token_type=Bearer&expires_in=3600&scope=openid&state=/,
    );
  });

  it('form_post: values for a page, no HTML', () => {
    expect(respond({ ...to, response_mode: 'form_post' }, { code: '"><script>', id_token: 'i' })).toEqual({
      method: 'form_post',
      url: to.redirect_uri,
      params: { code: '"><script>', id_token: 'i', state: 'a b&c', iss: to.issuer },
    });
  });

  it('errors go the same way; the detail stays here', () => {
    const error = oauthError('login_required', 'nobody is signed in', 'secret');
    expect(respondWithError({ ...to, response_mode: 'form_post' }, error)).toEqual({
      method: 'form_post',
      url: to.redirect_uri,
      params: { error: 'login_required', error_description: 'nobody is signed in', state: 'a b&c', iss: to.issuer },
    });
    expect(respondWithError({ ...to, state: undefined }, oauthError('server_error')).url).toBe(
      'https://app.example/cb?error=server_error&iss=https%3A%2F%2Fid.example%2Fapp%28login%29',
    );
  });

  it.each([
    ['https://a/', 'https://a/?b=1'],
    ['https://a/?', 'https://a/?b=1'],
    ['https://a/?c=2', 'https://a/?c=2&b=1'],
    ['https://a/?c=2&', 'https://a/?c=2&b=1'],
    ['https://a/#f', 'https://a/?b=1#f'],
    ['com.example:/cb', 'com.example:/cb?b=1'],
  ])('adds a query to %s', (address, result) => {
    expect(withQuery(address, 'b=1')).toBe(result);
    expect(withQuery(address, '')).toBe(address);
  });
});
