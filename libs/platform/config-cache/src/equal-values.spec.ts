import { EqualValues } from './equal-values.js';

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('equal values kept once', () => {
  it.each([
    ['an object', { a: 1, b: ['x', { c: null }] }],
    ['a list', [1, 'two', { three: [] }]],
    ['an empty object', {}],
    ['an empty list', []],
  ])('gives the first of equal ones: %s', (_title, value) => {
    const equal = new EqualValues();
    const first = equal.share(copy(value));
    expect(first).toEqual(value);
    expect(equal.share(copy(value))).toBe(first);
  });

  it.each([null, true, 0, 'short', 'a text that is long enough'])('leaves %p as it is', (value) => {
    expect(new EqualValues().share(value)).toBe(value);
  });

  it('tells a text from the JSON that it spells, and a list from an object', () => {
    const equal = new EqualValues();
    const spelled = '{"name":"a longer one"}';
    expect(equal.share(JSON.parse(spelled) as object)).toEqual({ name: 'a longer one' });
    expect(equal.share(spelled)).toBe(spelled);
    expect(equal.share(`"${spelled}`)).toBe(`"${spelled}`);
    expect(equal.share([])).toEqual([]);
    expect(equal.share({})).toEqual({});
  });

  it('shares what is equal inside of what is not', () => {
    const equal = new EqualValues();
    const [one, two] = [1, 2].map((id) => equal.share({ id, rules: { length: 8, words: ['corsac'] } }));
    expect(one).not.toBe(two);
    expect(one?.rules).toBe(two?.rules);
  });

  it('shares the members of an object that stays its own', () => {
    const equal = new EqualValues();
    const [one, two] = [1, 2].map(() => equal.shareMembers({ name: 'app', uris: ['https://app.test'] }));
    expect(one).not.toBe(two);
    expect(one?.uris).toBe(two?.uris);
    expect(Object.isFrozen(one)).toBe(false);
    expect(Object.isFrozen(one?.uris)).toBe(true);
  });

  it('remembers no more than its capacity, and keeps what comes again and again', () => {
    const equal = new EqualValues(10);
    const common = equal.share(['common']);
    for (let at = 0; at < 100; at += 1) {
      equal.share([at]);
      expect(equal.share(['common'])).toBe(common);
    }
    expect(equal.size).toBe(10);
  });

  it('does not remember what is too long to be the same twice', () => {
    const equal = new EqualValues();
    const long = { list: Array.from({ length: 2_000 }, (_, at) => at) };
    expect(equal.share(copy(long))).toEqual(long);
    expect(equal.size).toBe(0);
  });
});
