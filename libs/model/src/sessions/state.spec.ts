import { defaultSessionSettings, hasSessions, sessionDeadline, sessionState, type SessionLifetimes } from '../index.js';

const hour = 3600;
const day = 24 * hour;
const now = 1_800_000_000;

const lifetimes = (sliding: number, absolute: number, persistent: number, unlimited = false): SessionLifetimes => ({
  session_lifetime: sliding,
  session_absolute_lifetime: absolute,
  persistent_session_absolute_lifetime: persistent,
  persistent_session_lifetime_unlimited: unlimited,
});

describe('Session validity, reference 6.3', () => {
  it.each([
    ['used an hour ago', lifetimes(36_000, 86_400, 0), 9 * hour, hour, 'valid'],
    ['idle for a second too long', lifetimes(36_000, 86_400, 0), 12 * hour, 10 * hour + 1, 'idle'],
    ['idle for exactly as long as allowed', lifetimes(36_000, 86_400, 0), 12 * hour, 10 * hour, 'valid'],
    ['a second too old', lifetimes(36_000, 86_400, 0), day + 1, 300, 'absolute'],
    ['exactly as old as allowed', lifetimes(36_000, 86_400, 0), day, 300, 'valid'],
    ['old without absolute end', lifetimes(36_000, 0, 0), 5 * day, 300, 'valid'],
    ['idle without absolute end', lifetimes(36_000, 0, 0), 5 * day, day, 'idle'],
    ['persistent', lifetimes(36_000, 86_400, 30 * day), 3 * day, 2 * day, 'valid'],
    ['persistent, but older than that', lifetimes(36_000, 86_400, 30 * day), 31 * day, 2 * day, 'absolute'],
    ['older than persistent but used just now', lifetimes(36_000, 0, 2 * day), 3 * day, 60, 'valid'],
    ['persistent without sliding', lifetimes(0, 0, day), hour, hour, 'valid'],
    ['persistent without sliding, ended', lifetimes(0, 0, day), day + 1, 1, 'idle'],
    ['unlimited', lifetimes(36_000, 86_400, 0, true), 1000 * day, 900 * day, 'valid'],
    ['of an up-party without sessions', lifetimes(0, 0, 0), 0, 0, 'disabled'],
    ['of an up-party without sessions but with an absolute figure', lifetimes(0, 86_400, 0), 0, 0, 'disabled'],
  ])('a session that is %s', (_title, settings, age, idle, state) => {
    expect(sessionState({ created: now - age, last_used: now - idle }, settings, now)).toBe(state);
  });

  it('is 10 hours sliding, 24 hours absolute and not persistent unless the up-party says so', () => {
    expect(defaultSessionSettings).toEqual({ ...lifetimes(36_000, 86_400, 0), single_logout: true });
    expect(hasSessions(defaultSessionSettings)).toBe(true);
  });
});

describe('Deadline of a session', () => {
  const samples = [
    lifetimes(36_000, 86_400, 0),
    lifetimes(36_000, 0, 0),
    lifetimes(36_000, 86_400, 30 * day),
    lifetimes(0, 0, day),
    lifetimes(600, 300, 0),
    lifetimes(1, 0, 2),
  ];

  it.each(samples)('is the last second in which the session is valid: %j', (settings) => {
    for (const idle of [0, 1, 299, hour, 3 * day]) {
      const session = { created: now - 3 * day, last_used: now - idle };
      const deadline = sessionDeadline(session, settings)!;
      expect(sessionState(session, settings, deadline)).toBe('valid');
      expect(sessionState(session, settings, deadline + 1)).not.toBe('valid');
    }
  });

  it('is none for an unlimited session', () => {
    expect(sessionDeadline({ created: now, last_used: now }, lifetimes(0, 0, 0, true))).toBeUndefined();
  });

  it('is the beginning where there are no sessions', () => {
    expect(sessionDeadline({ created: now, last_used: now }, lifetimes(0, 86_400, 0))).toBe(now);
  });
});
