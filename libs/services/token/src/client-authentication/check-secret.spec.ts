import { Fingerprinter, parseMasterKeys, PasswordHasher, type MasterKeys } from '@corsac/data';
import type { StoredSecret } from '@corsac/model';
import { SecretChecker } from './check-secret.js';

const keysOf = (...bytes: number[]): MasterKeys =>
  parseMasterKeys(bytes.map((byte) => Buffer.alloc(32, byte).toString('base64url')).join(','));
const hasher = new PasswordHasher({ cost: { memory_kib: 1024, passes: 2, lanes: 1 } });

/** A hasher that counts: how often the slow hash is computed is the rule. */
const counting = () => {
  const counts = { verified: 0 };
  const verify: PasswordHasher['verify'] = (stored, secret) => {
    counts.verified += 1;
    return hasher.verify(stored, secret);
  };
  return { counts, verify };
};

const stored = async (id: string, secret: string, keys?: MasterKeys): Promise<StoredSecret> => {
  const hash = await hasher.hash(secret);
  if (!hash.ok) throw new Error(hash.error);
  const fingerprint = keys && new Fingerprinter(keys, 'client-secret').of(secret);
  return { id, hash: hash.value, info: '', ...(fingerprint !== undefined && { fingerprint }) };
};

const checkerWith = (keys: MasterKeys) => {
  const { counts, verify } = counting();
  return { counts, checker: new SecretChecker(new Fingerprinter(keys, 'client-secret'), { verify }) };
};

describe('Client secrets', () => {
  const keys = keysOf(1);

  it('computes the slow hash once, then remembers', async () => {
    const { counts, checker } = checkerWith(keys);
    const secrets = [await stored('a', 'first', keys), await stored('b', 'second', keys)];
    expect(await checker.check('second', secrets)).toBe('right');
    expect(checker.check('second', secrets)).toBe('right');
    expect(counts.verified).toBe(1);
  });

  it('refuses a wrong secret without any slow hash, as it does for an unknown client', async () => {
    const { counts, checker } = checkerWith(keys);
    expect(await checker.check('wrong', [await stored('a', 'first', keys)])).toBe('wrong');
    expect(await checker.check('wrong', [])).toBe('wrong');
    expect(counts.verified).toBe(0);
  });

  it('does not believe a fingerprint alone', async () => {
    const { checker } = checkerWith(keys);
    const planted = {
      ...(await stored('a', 'first', keys)),
      fingerprint: new Fingerprinter(keys, 'client-secret').of('other'),
    };
    expect(await checker.check('other', [planted])).toBe('wrong');
  });

  it('does not carry a remembered secret over to another hash', async () => {
    const { checker } = checkerWith(keys);
    const first = await stored('a', 'first', keys);
    expect(await checker.check('first', [first])).toBe('right');
    expect(await checker.check('first', [await stored('b', 'second', keys)])).toBe('wrong');
  });

  it('finds secrets that were stored under an older master key', async () => {
    const { checker } = checkerWith(keysOf(2, 1));
    expect(await checker.check('first', [await stored('a', 'first', keys)])).toBe('right');
  });

  it('checks imported hashes without fingerprint, and computes a wrong secret once', async () => {
    const { counts, checker } = checkerWith(keys);
    const imported = [await stored('a', 'first')];
    expect(await checker.check('wrong', imported)).toBe('wrong');
    expect(await checker.check('wrong', imported)).toBe('wrong');
    expect(counts.verified).toBe(1);
    expect(await checker.check('first', imported)).toBe('right');
  });

  it.each<[string, MasterKeys | undefined]>([
    ['an older master key', keysOf(1)],
    ['none, as it was imported', undefined],
  ])('is told once to who keeps it when it is right and found by %s', async (_what, under) => {
    const noted: unknown[][] = [];
    const fingerprinter = new Fingerprinter(keysOf(2, 1), 'client-secret');
    const checker = new SecretChecker(fingerprinter, counting(), { note: (...parts) => void noted.push(parts) });
    const owner = { view: { tenant: 'acme', track: '-' }, client: { name: 'shop' } };
    const secret = await stored('a', 'first', under);
    for (const text of ['wrong', 'first', 'first']) await checker.check(text, [secret], owner);
    const current = await stored('b', 'other', keysOf(2));
    await checker.check('other', [current], owner);
    expect(noted).toEqual([[owner, secret, fingerprinter.of('first')]]);
  });

  it('says that it is busy when too many hashes wait', async () => {
    const checker = new SecretChecker(new Fingerprinter(keys, 'client-secret'), {
      verify: () => Promise.resolve({ ok: false, error: 'busy' }),
    });
    expect(await checker.check('first', [await stored('a', 'first', keys)])).toBe('busy');
  });
});
