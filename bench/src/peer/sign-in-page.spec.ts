import { password } from '../setup.js';
import { isThePassword } from './sign-in-page.js';

describe("the peer's check of a password", () => {
  it.each([
    [password, true],
    [`${password}!`, false],
    [password.toLowerCase(), false],
    ['', false],
  ])('of %j: %s', (typed, is) => {
    expect(isThePassword(typed)).toBe(is);
  });
});
