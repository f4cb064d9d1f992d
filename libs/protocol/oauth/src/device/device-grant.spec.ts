import { clientOf, issuers } from '../client/client.fixture.js';
import { parseParameters } from '../parameters/parse-parameters.js';
import {
  deviceAuthorizationResponse,
  deviceGrant,
  grantToDevice,
  judgePoll,
  readDeviceRequest,
  type DeviceState,
} from './device-grant.js';
import { normaliseUserCode, userCodeAlphabet, userCodeOf } from './user-code.js';

const now = 1_800_000_000;

describe('user codes, RFC 8628 6.1', () => {
  it('are eight letters of the alphabet with a dash', () => {
    for (let i = 0; i < 200; i++) {
      const code = userCodeOf(Buffer.alloc(16, i));
      expect(code).toMatch(new RegExp(`^[${userCodeAlphabet}]{4}-[${userCodeAlphabet}]{4}$`));
      expect(normaliseUserCode(code)).toBe(code);
    }
  });

  it('differ with the random bytes', () => {
    const codes = Array.from({ length: 256 }, (_, i) =>
      userCodeOf(Buffer.from([i, ...Array<number>(14).fill(7), 255 - i])),
    );
    expect(new Set(codes).size).toBe(256);
  });

  it.each(['wdjb-mjht', 'WDJBMJHT', ' wdjb mjht ', 'w-d-j-b-m-j-h-t', 'WDJB_MJHT', 'wdjb.mjht'])(
    '%p is WDJB-MJHT',
    (typed) => {
      expect(normaliseUserCode(typed)).toBe('WDJB-MJHT');
    },
  );

  it.each(['', 'WDJB-MJH', 'WDJB-MJHTT', 'ADJB-MJHT', '1234-5678', 'WDJB%MJHT', ' '.repeat(41)])(
    '%p is none',
    (typed) => {
      expect(normaliseUserCode(typed)).toBeUndefined();
    },
  );
});

describe('device authorization, RFC 8628 3.1 and 3.2', () => {
  it('answers where to go', () => {
    expect(
      deviceAuthorizationResponse({ device_code: 'd', user_code: 'WDJB-MJHT' }, 'https://id.example/acme/-/device'),
    ).toEqual({
      device_code: 'd',
      user_code: 'WDJB-MJHT',
      verification_uri: 'https://id.example/acme/-/device',
      verification_uri_complete: 'https://id.example/acme/-/device?user_code=WDJB-MJHT',
      expires_in: 600,
      interval: 5,
    });
  });

  it.each([
    ['scope=openid+api1.read1', undefined],
    ['', undefined],
    ['scope=nonsense', 'invalid_scope'],
    ['scope=%22', 'invalid_scope'],
    ['scope=openid&resource=x', 'invalid_target'],
  ])('grants or refuses %p', (raw, error) => {
    const result = grantToDevice(parseParameters(raw), clientOf(), issuers.track);
    expect(result.ok ? undefined : result.error.error).toBe(error);
  });

  it('reads the poll', () => {
    expect(readDeviceRequest(parseParameters('device_code=d'))).toEqual({ ok: true, value: { device_code: 'd' } });
    expect(readDeviceRequest(parseParameters(''))).toMatchObject({ error: { error: 'invalid_request' } });
  });
});

describe('polling, RFC 8628 3.5', () => {
  const state: DeviceState = { client_id: 'tv', status: 'pending', expires_at: now + 100, interval: 5 };
  const poll = (changes: Partial<DeviceState>, client_id = 'tv') => {
    const { verdict, remember } = judgePoll({ ...state, ...changes }, client_id, now);
    return [verdict.ok ? verdict.value : verdict.error.error, remember.interval];
  };

  it.each<[string, Partial<DeviceState>, string, number]>([
    ['the first poll', {}, 'authorization_pending', 5],
    ['a poll in time', { last_polled_at: now - 5 }, 'authorization_pending', 5],
    ['a poll too early', { last_polled_at: now - 4 }, 'slow_down', 10],
    ['a poll too early again', { last_polled_at: now - 9, interval: 10 }, 'slow_down', 15],
    ['a poll too early although approved', { last_polled_at: now, status: 'approved' }, 'slow_down', 10],
    ['the slowest interval', { last_polled_at: now, interval: 58 }, 'slow_down', deviceGrant.slowestInterval],
    ['an approved code', { status: 'approved' }, 'approved', 5],
    ['a refused code', { status: 'denied' }, 'access_denied', 5],
    ['an expired code', { expires_at: now, status: 'approved' }, 'expired_token', 5],
    ['a redeemed code', { status: 'redeemed' }, 'invalid_grant', 5],
  ])('%s', (_title, changes, verdict, interval) => {
    expect(poll(changes)).toEqual([verdict, interval]);
  });

  it('refuses another client and an unknown code alike', () => {
    expect(poll({ status: 'approved' }, 'other')[0]).toBe('invalid_grant');
    expect(judgePoll(undefined, 'tv', now).verdict).toMatchObject({ error: { error: 'invalid_grant' } });
  });
});
