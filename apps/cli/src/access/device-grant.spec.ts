import { FakeMachine, type Answered } from '../fixtures/fake-machine.js';
import { beginDeviceGrant, pollForTokens } from './device-grant.js';

const client = { client_id: 'corsac_control', token_endpoint: 'https://id.example.com/t' };
const begun = {
  device_code: 'the-device-code',
  user_code: 'BCDF-GHJK',
  verification_uri: 'https://id.example.com/acme/master/device',
  expires_in: 600,
  interval: 5,
};
const tokens = { access_token: 'at', token_type: 'Bearer', expires_in: 300, refresh_token: 'rt' };
const refusal = (error: string): Answered => ({ status: 400, json: { error } });

const polled = async (answers: readonly Answered[], more: object = {}) => {
  let at = 0;
  const machine = new FakeMachine(() => answers[Math.min(at++, answers.length - 1)]!);
  const outcome = await pollForTokens(machine, client, { ...begun, ...more });
  return { machine, outcome, waits: machine.slept.map((ms) => ms / 1000) };
};

describe('waiting for the person, RFC 8628 3.5', () => {
  it('asks each time after the interval, until there are tokens', async () => {
    const pending = refusal('authorization_pending');
    const { machine, outcome, waits } = await polled([pending, pending, { json: tokens }]);
    expect(outcome).toMatchObject({ ok: true, value: tokens });
    expect(waits).toEqual([5, 5, 5]);
    expect(Object.fromEntries(new URLSearchParams(machine.asked[0]!.body))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'the-device-code',
      client_id: 'corsac_control',
    });
  });

  it('is five seconds slower for good after each slow_down', async () => {
    const { waits } = await polled([
      refusal('slow_down'),
      refusal('authorization_pending'),
      refusal('slow_down'),
      { json: tokens },
    ]);
    expect(waits).toEqual([5, 10, 10, 15]);
  });

  it('asks half as often after each time that nobody answered', async () => {
    const { waits, outcome } = await polled([
      { fault: 'ECONNRESET' },
      { status: 503, json: { error: 'temporarily_unavailable' } },
      refusal('authorization_pending'),
      { json: tokens },
    ]);
    expect(waits).toEqual([5, 10, 20, 20]);
    expect(outcome.ok).toBe(true);
  });

  it('ends when the time is over, without asking once more', async () => {
    const { waits, outcome } = await polled([refusal('authorization_pending')], { expires_in: 17 });
    expect(waits).toEqual([5, 5, 5]);
    expect(outcome).toMatchObject({ ok: false, error: { message: 'nobody signed in in time' } });
  });

  it.each([
    ['access_denied', 'the person at the browser did not allow it'],
    ['expired_token', 'nobody signed in in time'],
    ['invalid_grant', 'the sign-in is refused: invalid_grant'],
  ])('ends with %s', async (error, message) => {
    const { outcome, machine } = await polled([refusal(error), { json: tokens }]);
    expect(outcome).toMatchObject({ ok: false, error: { message } });
    expect(machine.asked).toHaveLength(1);
    expect(JSON.stringify(outcome)).not.toContain('the-device-code');
  });

  it('takes no token that is bound to something else', async () => {
    const { outcome } = await polled([{ json: { ...tokens, token_type: 'DPoP' } }], { expires_in: 30 });
    expect(outcome.ok).toBe(false);
  });
});

describe('beginning, RFC 8628 3.2', () => {
  const begin = (answer: Answered) =>
    beginDeviceGrant(new FakeMachine(() => answer), 'https://id.example.com/d', { client_id: 'c', scope: 's' });

  it('takes five seconds for the interval when none is said', async () => {
    const { interval: _interval, ...json } = begun;
    expect(await begin({ json })).toMatchObject({ ok: true, value: { interval: 5 } });
  });

  it.each<[Answered, string]>([
    [
      { status: 400, json: { error: 'invalid_scope', error_description: 'no such scope' } },
      'the sign-in is refused: no such scope',
    ],
    [{ fault: 'ENOTFOUND' }, 'https://id.example.com is not reached: its name is not known'],
    [{ status: 502 }, 'https://id.example.com/d answers 502, and not what Corsac says there'],
    [
      { status: 302, headers: { location: 'https://evil.example/?x=1' } },
      'https://id.example.com/d answers 302 and leads to https://evil.example/, and not what Corsac says there',
    ],
  ])('tells what went wrong: %j', async (answer, message) => {
    expect(await begin(answer)).toMatchObject({ ok: false, error: { message } });
  });
});
