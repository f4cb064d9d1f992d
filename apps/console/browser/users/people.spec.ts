import { externalTitle, identifiersOf, userTitle, withoutShown } from './people.js';

describe('people', () => {
  it('are called by name, else by what they sign in with', () => {
    expect(userTitle({ user_id: 'u', email: 'a@b.test', claims: { name: 'Ada' } })).toBe('Ada');
    expect(userTitle({ user_id: 'u', phone: '+45', claims: { name: 7 } })).toBe('+45');
    expect(userTitle({ user_id: 'u' })).toBe('u');
    expect(identifiersOf({ user_id: 'u', email: 'a@b.test', phone: '+45' })).toEqual(['a@b.test', '+45']);
    expect(externalTitle({ user_id: 'u', up_party: 'azure', link_claim_value: 'x' })).toBe('x');
    expect(externalTitle({ user_id: 'u', up_party: 'azure' })).toBe('u');
  });

  it('are sent back without what is only shown', () => {
    const shown = { user_id: 'u', email: 'a@b.test', has_password: true, created: 1, updated: 2 };
    expect(withoutShown(shown)).toEqual({ user_id: 'u', email: 'a@b.test' });
  });
});
