import { actorsOf } from './actors.js';

describe('actors of a token, RFC 8693 4.1', () => {
  it.each([
    ['nobody without act', undefined, []],
    ['nobody when act is no object', 'orders', []],
    ['nobody when act has no subject', { iss: 'x' }, []],
    ['the one actor', { sub: 'orders' }, ['orders']],
    ['the current actor before the earlier ones', { sub: 'b', act: { sub: 'a' } }, ['b', 'a']],
  ])('names %s', (_what, act, actors) => {
    expect(actorsOf(act)).toEqual(actors);
  });
});
