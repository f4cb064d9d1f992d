import { DEFAULT_COST } from '@corsac/data';
import { readPasswordHash } from '@corsac/model';
import { hash, verify } from './stand-in-hash.js';

const { memory_kib: memoryCost, passes: timeCost, lanes: parallelism } = DEFAULT_COST;
const hashed = (password: string): Promise<string> => hash(password, { memoryCost, timeCost, parallelism });

describe('the stand-in for the password hash', () => {
  it('makes texts that the product takes for its own, and so does not replace', async () => {
    expect(readPasswordHash(await hashed('right'))).toEqual({ kind: 'argon2id', cost: DEFAULT_COST });
  });

  it('matches the password that it was made of, and no other', async () => {
    const stored = await hashed('right');
    expect(await verify(stored, 'right')).toBe(true);
    expect(await verify(stored, 'wrong')).toBe(false);
    expect(await verify(stored, '')).toBe(false);
  });

  it('matches nothing that it did not make', async () => {
    expect(await verify('', 'right')).toBe(false);
    expect(await verify(`$argon2id$v=19$m=7168,t=5,p=1$c2FsdHNhbHQ$${'A'.repeat(43)}`, 'right')).toBe(false);
  });

  it('is salted', async () => {
    expect(await hashed('same')).not.toBe(await hashed('same'));
  });
});
