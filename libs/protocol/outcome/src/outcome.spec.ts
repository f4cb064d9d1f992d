import type { Outcome } from './index.js';
import { fail, ok } from './index.js';

const half = (n: number): Outcome<number, 'odd'> => (n % 2 === 0 ? ok(n / 2) : fail('odd'));

describe('Outcome', () => {
  it('carries a value when it is ok', () => {
    expect(half(4)).toEqual({ ok: true, value: 2 });
  });

  it('carries a reason when it is refused', () => {
    expect(half(3)).toEqual({ ok: false, error: 'odd' });
  });

  it('gives the value to the type checker once ok was looked at', () => {
    const outcome = half(10);
    const read = outcome.ok ? outcome.value + 1 : outcome.error.length;
    expect(read).toBe(6);
  });

  it('needs no value where being allowed is the whole answer', () => {
    const allowed: Outcome<void, string> = ok();
    expect(allowed.ok).toBe(true);
  });

  it.each([ok({ code: 'c', scopes: ['a'] }), ok(null), ok(false), fail({ error: 'invalid_grant' }), fail('')])(
    'is the same after a JSON copy: %j',
    (outcome) => {
      expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
    },
  );

  it('keeps a falsy value apart from a refusal', () => {
    expect([ok(0).ok, ok('').ok, fail(0).ok, fail(undefined).ok]).toEqual([true, true, false, false]);
  });
});
