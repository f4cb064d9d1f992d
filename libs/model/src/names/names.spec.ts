import { isName, isReservedName, nameSchema, realmNameSchema } from '../index.js';

describe('Names, spec 1', () => {
  it.each(['a', '-', '_', '0', 'party-client1', 'track_y-connection', 'x'.repeat(50)])('%s is a name', (name) => {
    expect(isName(name)).toBe(true);
    expect(nameSchema.safeParse(name).success).toBe(true);
  });

  it.each(['', 'A', 'å', 'a b', 'a.b', 'a/b', 'a(b)', 'a\n', 'x'.repeat(51)])('%j is none', (name) => {
    expect(isName(name)).toBe(false);
    expect(nameSchema.safeParse(name).success).toBe(false);
  });

  it.each(['control', 'health', 'api', 'metrics', 'assets', 'account'])(
    '%s can be neither a tenant nor a track',
    (name) => {
      expect(isReservedName(name)).toBe(true);
      expect(realmNameSchema.safeParse(name).success).toBe(false);
    },
  );

  it('master is reserved, but files may speak of it because it exists', () => {
    expect(isReservedName('master')).toBe(true);
    expect(realmNameSchema.safeParse('master').success).toBe(true);
  });
});
