import { Fingerprinter, MemoryItemStore, parseMasterKeys } from '@corsac/data';
import { defaultTrackSettings } from '@corsac/model';
import { guessBy, GuessBrakes, type Guess, type Guesser } from './brakes.js';
import { normalizeIdentifier } from './identifiers.js';
import { makeRecoveryCodes, recoveryCandidates, recoveryHash } from './recovery-codes.js';
import { claimsOf } from './user-claims.js';
import type { StoredUser } from './user-store.js';

const user: StoredUser = {
  user_id: 'ada',
  password_changed: 0,
  password_history: [],
  email_verified: false,
  phone_verified: false,
  confirm_account: false,
  change_password: false,
  require_multi_factor: false,
  disabled: false,
  epoch: 0,
  roles: [],
  claims: {},
  recovery_codes: [],
};

describe('identifiers', () => {
  it.each([
    [' Ada@Example.COM ', 'ada@example.com'],
    ['+45 12-34 (56) 78', '+4512345678'],
    ['+4512345678', '+4512345678'],
    ['Bob', 'bob'],
    ['A\u030Asa', '\u00e5sa'],
  ])('%j is kept as %j', (typed, kept) => {
    expect(normalizeIdentifier(typed)).toBe(kept);
  });
});

describe('claims of a user', () => {
  it('are typed, follow from identifiers and flags, and are never null', () => {
    const claims = claimsOf({
      ...user,
      email: 'ada@example.com',
      phone: '+4512345678',
      username: 'ada',
      roles: ['a', 'b'],
      claims: { address: { country: 'DK' }, updated_at: 3, nothing: null, email: 'forged@example.com' },
    });
    expect(claims).toEqual({
      address: { country: 'DK' },
      updated_at: 3,
      email: 'ada@example.com',
      email_verified: false,
      phone_number: '+4512345678',
      phone_number_verified: false,
      preferred_username: 'ada',
      role: ['a', 'b'],
    });
  });

  it('say nothing of what a user does not have', () => {
    expect(claimsOf({ ...user, email: 'ada@example.com' })).toEqual({
      email: 'ada@example.com',
      email_verified: false,
      preferred_username: 'ada@example.com',
    });
  });
});

describe('recovery codes', () => {
  const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64url');
  const fingerprinter = new Fingerprinter(parseMasterKeys(key(1)), 'recovery-code');

  it('are ten, all different, in groups without letters that are taken for digits', () => {
    const codes = makeRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes)
      expect(code).toMatch(/^[A-HJKMNP-TV-Z2-9]{4}-[A-HJKMNP-TV-Z2-9]{4}-[A-HJKMNP-TV-Z2-9]{4}$/);
  });

  it('are recognised however they are typed, for their user only', () => {
    const hash = recoveryHash(fingerprinter, 'ada', 'ABCD-EFGH-JKMN');
    expect(recoveryCandidates(fingerprinter, 'ada', ' abcd efgh jkmn')).toContain(hash);
    expect(recoveryCandidates(fingerprinter, 'bob', 'ABCD-EFGH-JKMN')).not.toContain(hash);
    expect(recoveryCandidates(fingerprinter, 'ada', 'ABCD')).toEqual([]);
  });

  it('outlive another master key while the old one is listed', () => {
    const hash = recoveryHash(fingerprinter, 'ada', 'ABCD-EFGH-JKMN');
    const rotated = new Fingerprinter(parseMasterKeys(`${key(2)},${key(1)}`), 'recovery-code');
    expect(recoveryCandidates(rotated, 'ada', 'ABCD-EFGH-JKMN')).toContain(hash);
  });
});

describe('brakes', () => {
  let ms = 0;
  const figures = { ...defaultTrackSettings.brakes, max_failing_logins: 3, max_failing_logins_per_address: 5 };
  const guess = (more: Partial<Guesser> = {}, by = figures): Guess =>
    guessBy(
      {
        place: { tenant: 'acme', track: '-' },
        guessed: 'password',
        identifier: 'ada@example.com',
        address: '192.0.2.1',
        ...more,
      },
      by,
    );
  const newBrakes = (): GuessBrakes => new GuessBrakes(new MemoryItemStore({ now_ms: () => ms }));
  const fail = async (brakes: GuessBrakes, times: number, of: Guess): Promise<void> => {
    for (let time = 0; time < times; time += 1) await brakes.failed(of);
  };

  it('begin at the last failure that is allowed and end after the observation period', async () => {
    const brakes = newBrakes();
    await fail(brakes, 2, guess());
    expect(await brakes.waits(guess())).toBe(false);
    await fail(brakes, 1, guess());
    expect(await brakes.waits(guess({ address: '192.0.2.2' }))).toBe(true);
    ms += figures.failing_login_observation_period * 1000;
    expect(await brakes.waits(guess())).toBe(false);
    await fail(brakes, 2, guess({ address: '192.0.2.3' }));
    expect(await brakes.waits(guess({ address: '192.0.2.3' }))).toBe(false);
  });

  it('count side by side without losing one', async () => {
    const brakes = newBrakes();
    await Promise.all(Array.from({ length: 3 }, () => brakes.failed(guess())));
    expect(await brakes.waits(guess({ address: '192.0.2.9' }))).toBe(true);
  });

  it('forget an identifier’s failures at its success, and never those of an address', async () => {
    const brakes = newBrakes();
    for (const name of ['a', 'b', 'c', 'd']) {
      await fail(brakes, 1, guess({ identifier: name }));
      expect(await brakes.believes(guess({ identifier: name }))).toBe(true);
    }
    await fail(brakes, 1, guess({ identifier: 'e' }));
    expect(await brakes.waits(guess({ identifier: 'f' }))).toBe(true);
    expect(await brakes.waits(guess({ identifier: 'f', address: '192.0.2.4' }))).toBe(false);
  });

  it('forget failures that are long past', async () => {
    const brakes = newBrakes();
    await fail(brakes, 2, guess());
    ms += figures.failing_login_count_lifetime * 1000;
    await fail(brakes, 2, guess({ address: '192.0.2.5' }));
    expect(await brakes.waits(guess({ address: '192.0.2.6' }))).toBe(false);
  });

  it('keep tracks, and passwords and codes, apart; codes may be wrong twice more', async () => {
    const brakes = newBrakes();
    await fail(brakes, 3, guess());
    expect(await brakes.waits(guess({ place: { tenant: 'acme', track: 'other' } }))).toBe(false);
    expect(await brakes.waits(guess({ guessed: 'code' }))).toBe(false);
    await fail(brakes, 4, guess({ guessed: 'code', identifier: 'x' }));
    expect(await brakes.waits(guess({ guessed: 'code', identifier: 'x' }))).toBe(false);
    await fail(brakes, 1, guess({ guessed: 'code', identifier: 'x' }));
    expect(await brakes.waits(guess({ guessed: 'code', identifier: 'x' }))).toBe(true);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '::2', true],
    ['fe80::1%eth0', 'fe80::2', true],
  ])('take %s and %s for one guesser: %s', async (one, other, same) => {
    const brakes = newBrakes();
    for (let time = 0; time < 5; time += 1) await brakes.failed(guess({ identifier: `u${time}`, address: one }));
    expect(await brakes.waits(guess({ identifier: 'somebody', address: other }))).toBe(same);
  });

  it('are off at 0', async () => {
    const brakes = newBrakes();
    const off = { ...figures, max_failing_logins: 0, max_failing_logins_per_address: 0 };
    for (let time = 0; time < 50; time += 1) await brakes.failed(guess({}, off));
    expect(await brakes.waits(guess({}, off))).toBe(false);
  });
});
