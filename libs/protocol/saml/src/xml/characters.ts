/** XML 1.0 2.2: everything that a document may not contain, not even as a character reference. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const forbiddenAll = new RegExp(forbidden.source, 'g');

/** XML Namespaces 1.0 4, without the planes above the first: an NCName. Sticky, so it is matched in place. */
const ncName =
  /[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd][-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd]*/y;

/** Does the text hold a character that XML 1.0 does not have? */
export function hasForbiddenCharacter(text: string): boolean {
  return forbidden.test(text);
}

/** Puts U+FFFD where a character cannot be said in XML 1.0. */
export function replaceForbidden(text: string): string {
  return forbidden.test(text) ? text.replace(forbiddenAll, '\ufffd') : text;
}

/** The end of the NCName that starts at `at`, or `at` when none does. */
export function endOfName(text: string, at: number): number {
  ncName.lastIndex = at;
  return ncName.test(text) ? ncName.lastIndex : at;
}

/** Is the whole text one NCName, as an xs:ID must be? */
export function isName(text: string): boolean {
  return text !== '' && endOfName(text, 0) === text.length;
}

/** The character behind a numeric reference, or undefined when XML 1.0 has no such character. XML 1.0 4.1. */
export function referencedCharacter(code: number): string | undefined {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(code);
  return forbidden.test(character) ? undefined : character;
}
