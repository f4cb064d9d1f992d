import { Fingerprinter, parseMasterKeys } from '@corsac/data';
import { parseExternalUser, parseUser, type ExternalUser, type WrittenUser } from '@corsac/model';
import { DeclaredEntries, type DeclaredEntry } from './declared-entries.js';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64url');
const place = { tenant: 'acme', track: '-' };
const fingerprinterOf = (keys: string) => new Fingerprinter(parseMasterKeys(keys), 'declared-entry');
const fingerprinter = fingerprinterOf(key(1));

const must = <T>(outcome: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};
const user = (more: object = {}): WrittenUser =>
  must(
    parseUser({ email: 'ada@example.com', password: 'Corsac-demo-1', claims: { a: 1, b: { c: 2, d: 3 } }, ...more }),
  );
const external = (more: object = {}): ExternalUser =>
  must(parseExternalUser({ up_party: 'op', redemption_claim_value: 'ada@example.com', ...more }));

const after = (known: readonly DeclaredEntry[], more: Partial<typeof place> = {}) =>
  new DeclaredEntries(fingerprinter, { ...place, ...more }, known);
const entryOf = (written: WrittenUser) => after([]).user(written).entry;

describe('what a file changed of a user', () => {
  it('is all of one who was not there before, and nothing of one who is the same', () => {
    expect(after([]).user(user()).changed).toBe('all');
    const reordered = user({ claims: { b: { d: 3, c: 2 }, a: 1 } });
    expect(after([entryOf(user())]).user(reordered)).toMatchObject({ changed: [], outdated: false });
  });

  it.each<[string, object, string[]]>([
    ['a role', { roles: ['x'] }, ['roles']],
    ['a claim', { claims: { a: 2 } }, ['claims']],
    [
      'the password, which may have to be changed again',
      { password: 'Corsac-demo-2' },
      ['password', 'change_password'],
    ],
    ['an identifier that was added', { username: 'ada' }, ['username']],
    ['a phone, with its flag', { phone: '+4512345678' }, ['phone', 'phone_verified']],
  ])('is %s', (_what, more, changed) => {
    expect(after([entryOf(user())]).user(user(more)).changed).toEqual(changed);
  });

  it('is found by what is left of the identifiers when the name in the file changed', () => {
    const before = entryOf(user({ username: 'ada' }));
    const moved = after([before]).user(user({ username: 'ada', email: 'new@example.com' }));
    expect(moved).toMatchObject({ renamed: 'ada@example.com', changed: ['email', 'email_verified'] });
  });

  it('is not taken from another user, track or kind', () => {
    const known = [entryOf(user())];
    expect(after(known).user(user({ email: 'bob@example.com' })).changed).toBe('all');
    expect(after(known, { track: 'other' }).user(user()).changed).not.toEqual([]);
    expect(after(known).externalUser(external()).changed).toBe('all');
  });

  it('is nothing after the master key changed, and is then remembered under the new one', () => {
    const rotated = new DeclaredEntries(fingerprinterOf(`${key(2)},${key(1)}`), place, [entryOf(user())]);
    const compared = rotated.user(user());
    expect(compared).toMatchObject({ changed: [], outdated: true });
    const later = new DeclaredEntries(fingerprinterOf(key(2)), place, [compared.entry]);
    expect(later.user(user())).toMatchObject({ changed: [], outdated: false });
  });
});

describe('what is remembered of a user', () => {
  it('is forgotten once a file does not have it, under its name or another', () => {
    const [ada, bob] = [entryOf(user()), entryOf(user({ email: 'bob@example.com' }))];
    const link = after([]).externalUser(external()).entry;
    const left = after([ada, bob, link]).without([ada]);
    expect(left).toEqual([bob, link].map(({ kind, name }) => ({ kind, name })));
    expect(after([ada]).without([{ ...ada, kind: 'external_user' }])).toEqual([{ kind: 'user', name: ada.name }]);
  });

  it('tells no password, and not that two users have the same', () => {
    const [ada, bob] = [entryOf(user()), entryOf(user({ email: 'bob@example.com' }))];
    expect(JSON.stringify(ada)).not.toContain('Corsac-demo-1');
    expect(ada.digests['password']).not.toBe(bob.digests['password']);
  });
});

describe('what a file changed of an external user', () => {
  it('is told by field, and a link that was added keeps the record', () => {
    const [before] = [after([]).externalUser(external()).entry];
    expect(after([before]).externalUser(external()).changed).toEqual([]);
    expect(after([before]).externalUser(external({ disabled: true })).changed).toEqual(['disabled']);
    expect(after([before]).externalUser(external({ link_claim_value: 'op|1' }))).toMatchObject({
      renamed: before.name,
      changed: ['link_claim_value'],
    });
  });
});
