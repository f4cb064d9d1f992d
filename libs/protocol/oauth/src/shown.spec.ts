import { shown, shownAll } from './shown.js';

describe('words of others in the log', () => {
  it.each([
    ['a word', 'shop', '"shop"'],
    ['nothing', '', '""'],
    ['lines and escapes', 'a\nb\u001b[31m\u2028c\u202ed', '"a?b?[31m?c?d"'],
    ['a long word', 'x'.repeat(201), `"${'x'.repeat(200)}..."`],
  ])('shows %s in quotes, short and without control characters', (_what, word, text) => {
    expect(shown(word)).toBe(text);
  });

  it.each([
    [[], 'nobody'],
    [['a', 'b'], '"a", "b"'],
    [['1', '2', '3', '4', '5', '6', '7'], '"1", "2", "3", "4", "5" and 2 more'],
  ])('shows %j as %s', (words, text) => {
    expect(shownAll(words)).toBe(text);
  });
});
