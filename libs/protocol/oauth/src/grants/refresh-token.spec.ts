import { createSecretKey } from 'node:crypto';
import { clientOf } from '../client/client.fixture.js';
import { parseParameters } from '../parameters/parse-parameters.js';
import {
  invalidRefreshToken,
  judgeRefresh,
  looksLikeRefreshToken,
  readRefreshRequest,
  readRefreshToken,
  refreshExpiry,
  refreshTokenOf,
  type RefreshState,
} from './refresh-token.js';

const key = createSecretKey(Buffer.alloc(32, 1));
const older = createSecretKey(Buffer.alloc(32, 2));
const grant_id = 'g'.repeat(22);
const now = 1_800_000_000;

describe('refresh tokens are derived, not stored', () => {
  it.each([0, 1, 35, 36, 1_000_000])('generation %i comes back', (generation) => {
    const token = refreshTokenOf({ grant_id, generation }, key);
    expect(readRefreshToken(token, [key])).toEqual({ grant_id, generation });
    expect(looksLikeRefreshToken(token)).toBe(true);
  });

  it('the same generation is the identical token, another one is not', () => {
    expect(refreshTokenOf({ grant_id, generation: 3 }, key)).toBe(refreshTokenOf({ grant_id, generation: 3 }, key));
    expect(refreshTokenOf({ grant_id, generation: 4 }, key)).not.toBe(refreshTokenOf({ grant_id, generation: 3 }, key));
  });

  it('an older key still counts while it is listed', () => {
    const token = refreshTokenOf({ grant_id, generation: 1 }, older);
    expect(readRefreshToken(token, [key, older])).toEqual({ grant_id, generation: 1 });
    expect(readRefreshToken(token, [key])).toBeUndefined();
    expect(readRefreshToken(token, [])).toBeUndefined();
  });

  const token = refreshTokenOf({ grant_id, generation: 1 }, key);
  it.each([
    ['another generation', token.replace('.1.', '.2.')],
    ['another grant', token.replace('g', 'h')],
    ['another spelling of the generation', token.replace('.1.', '.01.')],
    ['another signature', `${token.slice(0, -2)}AA`],
    ['a cut token', token.slice(0, -1)],
    ['a longer token', `${token}A`],
    ['an access token', 'a.b.c'],
    ['nothing', ''],
  ])('does not take %s', (_title, text) => {
    expect(readRefreshToken(text, [key])).toBeUndefined();
  });
});

describe('what a presented refresh token means, RFC 9700 4.14.2', () => {
  const state: RefreshState = {
    client_id: 'app',
    generation: 5,
    rotated_at: now - 10,
    first_issued_at: now - 1000,
    expires_at: now + 100,
  };
  const judge = (generation: number, grace = 0, changes: Partial<RefreshState> = {}, context = {}) =>
    judgeRefresh({ ...state, ...changes }, generation, { client_id: 'app', now, grace, ...context });

  it.each([
    ['the current one', 5, 0, 'rotate'],
    ['the current one with grace', 5, 30, 'rotate'],
    ['the predecessor without grace', 4, 0, 'reuse'],
    ['the predecessor within the grace', 4, 11, 'repeat'],
    ['the predecessor when the grace has just ended', 4, 10, 'reuse'],
    ['an older one within the grace', 3, 30, 'reuse'],
    ['the first one', 0, 30, 'reuse'],
    ['one that was never issued', 6, 30, 'reuse'],
  ])('%s', (_title, generation, grace, verdict) => {
    expect(judge(generation, grace)).toEqual({ ok: true, value: verdict });
  });

  it.each<[string, Partial<RefreshState>, object]>([
    ['of another client', {}, { client_id: 'other' }],
    ['of an expired grant', { expires_at: now }, {}],
    ['without the proof of its key', { dpop_jkt: 'k' }, {}],
    ['with the proof of another key', { dpop_jkt: 'k' }, { dpop_jkt: 'l' }],
  ])('one %s is refused and the family stays', (_title, changes, context) => {
    expect(judge(5, 0, changes, context)).toMatchObject({ ok: false, error: { error: 'invalid_grant' } });
    expect(judge(4, 0, changes, context)).toMatchObject({ ok: false });
  });

  it('one with the proof of its key rotates', () => {
    expect(judge(5, 0, { dpop_jkt: 'k' }, { dpop_jkt: 'k' })).toEqual({ ok: true, value: 'rotate' });
  });

  it('says the same for every refresh token that does not count', () => {
    expect(invalidRefreshToken('x').error.error_description).toBe('the refresh token is not valid');
  });
});

describe('lifetimes of a refresh grant, reference 2.7', () => {
  const client = clientOf({ refresh_token_lifetime: 100, refresh_token_absolute_lifetime: 250 });
  it.each([
    ['the first slides', now, 100],
    ['a later one slides too', now - 100, 100],
    ['the absolute end cuts the last', now - 200, 50],
    ['at the absolute end nothing is left', now - 250, 0],
    ['after it neither', now - 300, -50],
  ])('%s', (_title, first_issued_at, left) => {
    expect(refreshExpiry(client, first_issued_at, now) - now).toBe(left);
  });

  it('unlimited only slides', () => {
    expect(refreshExpiry({ ...client, refresh_token_lifetime_unlimited: true }, now - 1e7, now)).toBe(now + 100);
  });

  it('by default ten hours, at most a day', () => {
    expect(refreshExpiry(clientOf(), now, now)).toBe(now + 36_000);
    expect(refreshExpiry(clientOf(), now - 80_000, now)).toBe(now + 6_400);
  });
});

describe('the refresh request, RFC 6749 6', () => {
  it('reads it', () => {
    expect(readRefreshRequest(parseParameters('refresh_token=r&scope=a'))).toEqual({
      ok: true,
      value: { refresh_token: 'r', scope: 'a' },
    });
    expect(readRefreshRequest(parseParameters('refresh_token=r'))).toEqual({ ok: true, value: { refresh_token: 'r' } });
    expect(readRefreshRequest(parseParameters('scope=a'))).toMatchObject({ error: { error: 'invalid_request' } });
  });
});
