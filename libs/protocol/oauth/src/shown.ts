const longest = 200;
const most = 5;

/** A word of somebody else's, as it stands in `detail`: in quotes, without control characters, at most 200 characters of it. */
export const shown = (word: string): string => {
  const plain = word.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  return plain.length > longest ? `"${plain.slice(0, longest)}..."` : `"${plain}"`;
};

/** The first five of several words; `nobody` for none. */
export const shownAll = (words: readonly string[]): string => {
  if (words.length === 0) return 'nobody';
  const first = words.slice(0, most).map(shown).join(', ');
  return words.length > most ? `${first} and ${words.length - most} more` : first;
};
