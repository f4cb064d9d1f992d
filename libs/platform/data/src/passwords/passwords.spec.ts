import { pbkdf2Sync } from 'node:crypto';
import { costOf } from './argon2-hash.js';
import { BoundedQueue } from './bounded-queue.js';
import { importedHashText, importedVerify, isImportedHash } from './imported-hash.js';
import { PasswordHasher } from './password-hasher.js';

const cheap = { memory_kib: 64, passes: 1, lanes: 1 };
const hasher = new PasswordHasher({ cost: cheap });

const imported = (password: string, n = 1) => {
  const salt = Buffer.alloc(64, 3);
  const hash = pbkdf2Sync(password, salt, n * 10_000, 80, 'sha512');
  return { alg: `P2HS512:${n}`, salt: salt.toString('base64url'), hash: hash.toString('base64url') };
};

describe('passwords, argon2id (RFC 9106)', () => {
  it('are kept as PHC strings of 7 MiB and 5 passes unless told otherwise', async () => {
    const hashed = await new PasswordHasher().hash('correct horse');
    expect(hashed.ok && hashed.value).toMatch(/^\$argon2id\$v=19\$m=7168,t=5,p=1\$[\w+/]{20,}\$[\w+/]{43}$/);
  });

  it('match their own hash only', async () => {
    const hashed = await hasher.hash('pässword🦌');
    const stored = hashed.ok ? hashed.value : '';
    expect(await hasher.verify(stored, 'pässword🦌')).toEqual({ ok: true, value: { matches: true, rehash: false } });
    expect(await hasher.verify(stored, 'pässword')).toEqual({ ok: true, value: { matches: false, rehash: false } });
    expect(await hasher.verify(stored, '')).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  it('are salted', async () => {
    expect(await hasher.hash('same')).not.toEqual(await hasher.hash('same'));
  });

  it('are to be hashed again when the cost has changed, but only when they were right', async () => {
    const hashed = await hasher.hash('right');
    const dearer = new PasswordHasher({ cost: { ...cheap, passes: 2 } });
    const stored = hashed.ok ? hashed.value : '';
    expect(await dearer.verify(stored, 'right')).toEqual({ ok: true, value: { matches: true, rehash: true } });
    expect(await dearer.verify(stored, 'wrong')).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  it.each([
    '',
    'plain',
    '$argon2id$v=19$m=64,t=1,p=1$c2FsdA',
    '$2b$10$abc',
    '$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA',
  ])('never match a stored %j', async (stored) => {
    expect(await hasher.verify(stored, stored)).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  it('match nothing where the stored cost cannot be computed', async () => {
    const salt = 'c2FsdHNhbHRzYWx0';
    const stored = `$argon2id$v=19$m=8,t=1,p=8$${salt}$${'A'.repeat(43)}`;
    expect(await hasher.verify(stored, 'x')).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  it.each(['m=262145,t=1,p=1', 'm=64,t=17,p=1', 'm=64,t=1,p=9', 'm=0,t=1,p=1'])(
    'do not run a planted cost of %s',
    (cost) => {
      expect(costOf(`$argon2id$v=19$${cost}$c2FsdHNhbHRzYWx0$${'A'.repeat(43)}`)).toBeUndefined();
    },
  );

  it('are refused when longer than 1024 bytes, whoever asks', async () => {
    const long = 'é'.repeat(513);
    const refused = { ok: false, error: 'too_long' };
    expect([await hasher.hash(long), await hasher.verify('', long), await hasher.verifyUnknown(long)]).toEqual([
      refused,
      refused,
      refused,
    ]);
    expect((await hasher.hash('x'.repeat(1024))).ok).toBe(true);
  });

  it('of unknown users take about as long as those of known ones and match nothing', async () => {
    const real = new PasswordHasher();
    await real.warmUp();
    const hashed = await real.hash('right');
    const time = async (check: () => Promise<unknown>) => {
      const began = performance.now();
      for (let i = 0; i < 5; i++) await check();
      return performance.now() - began;
    };
    const known = await time(() => real.verify(hashed.ok ? hashed.value : '', 'wrong'));
    const unknown = await time(() => real.verifyUnknown('wrong'));
    expect(unknown / known).toBeGreaterThan(0.2);
    expect(await real.verifyUnknown('nobody has this password')).toEqual({
      ok: true,
      value: { matches: false, rehash: false },
    });
  });
});

describe('imported password hashes, P2HS512', () => {
  it('match their own password and ask to be replaced', async () => {
    const stored = importedHashText(imported('Secret-1'))!;
    expect(stored).toMatch(/^P2HS512:1\$/);
    expect(await hasher.verify(stored, 'Secret-1')).toEqual({ ok: true, value: { matches: true, rehash: true } });
    expect(await hasher.verify(stored, 'secret-1')).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  it('count n in tens of thousands of iterations', async () => {
    expect(await importedVerify(importedHashText(imported('x', 2))!, 'x')).toBe(true);
    expect(await importedVerify(importedHashText({ ...imported('x', 2), alg: 'P2HS512:3' })!, 'x')).toBe(false);
  });

  it('may carry base64 padding', () => {
    const { alg, salt, hash } = imported('x');
    expect(importedHashText({ alg, salt: `${salt}==`, hash: `${hash}=` })).toBe(importedHashText({ alg, salt, hash }));
  });

  it.each([
    { alg: 'P2HS512:0' },
    { alg: 'P2HS512:101' },
    { alg: 'P2HS512' },
    { alg: 'P2HS256:10' },
    { salt: 'short' },
    { salt: 'not base64url!' },
    { hash: '' },
    { hash: `${'A'.repeat(80)}$x` },
  ])('are refused with %j', (part) => {
    expect(importedHashText({ ...imported('x'), ...part })).toBeUndefined();
  });

  it('are not seen in other texts', async () => {
    expect(isImportedHash('$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA')).toBe(false);
    expect(await importedVerify('P2HS512:1$$', '')).toBe(false);
  });
});

describe('bounded queue', () => {
  const gate = () => {
    let open = () => {};
    const closed = new Promise<void>((resolve) => (open = resolve));
    return { open, closed };
  };

  it('runs so many at once, lets so many wait and refuses the rest at once', async () => {
    const queue = new BoundedQueue({ running: 2, waiting: 1 });
    const door = gate();
    let most = 0;
    let now = 0;
    const job = async () => {
      most = Math.max(most, ++now);
      await door.closed;
      now -= 1;
      return 'done';
    };
    const jobs = [1, 2, 3].map(() => queue.run(job));
    expect(queue.depth).toBe(1);
    expect(await queue.run(job)).toEqual({ ok: false, error: 'busy' });
    door.open();
    expect(await Promise.all(jobs)).toEqual(jobs.map(() => ({ ok: true, value: 'done' })));
    expect(most).toBe(2);
    expect((await queue.run(async () => 1)).ok).toBe(true);
  });

  it('begins those that wait in their order, also after one has thrown', async () => {
    const queue = new BoundedQueue({ running: 1, waiting: 9 });
    const order: number[] = [];
    const jobs = [1, 2, 3].map((n) =>
      queue.run(async () => {
        order.push(n);
        if (n === 1) throw new Error('bug');
      }),
    );
    const [thrown] = await Promise.allSettled(jobs);
    expect(thrown).toMatchObject({ status: 'rejected' });
    expect(order).toEqual([1, 2, 3]);
  });

  it('lets as many wait as they are where nobody waits for an answer', async () => {
    const patient = new PasswordHasher({ cost: cheap, bounds: { waiting: Infinity } });
    const hashed = await Promise.all(Array.from({ length: 1_200 }, (_, at) => patient.hash(`secret ${at}`)));
    expect(hashed.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('gives busy to the hasher when it is full', async () => {
    const full = new PasswordHasher({ cost: cheap, bounds: { running: 1, waiting: 0 } });
    await full.warmUp();
    const both = await Promise.all([full.verifyUnknown('a'), full.verifyUnknown('b')]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both).toContainEqual({ ok: false, error: 'busy' });
  });
});
