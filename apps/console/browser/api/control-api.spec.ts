import { pathOf, queryOf } from './control-api.js';

describe('addresses of the API', () => {
  it('encode every segment for itself', () => {
    expect(pathOf('-', 'users', 'a/b?c#d')).toBe('-/users/a%2Fb%3Fc%23d');
  });

  it('leave out of a query what is empty', () => {
    expect(queryOf({ filter: '', cursor: undefined, limit: 50 })).toBe('?limit=50');
    expect(queryOf({ filter: '' })).toBe('');
    expect(queryOf({ sub: 'a&b=c' })).toBe('?sub=a%26b%3Dc');
  });
});
