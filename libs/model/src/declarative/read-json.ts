/** How many objects' members a value has in all. @throws RangeError where it is nested too deep to be walked */
const membersOf = (value: unknown): number => {
  if (value === null || typeof value !== 'object') return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, part) => sum + membersOf(part), own);
};

/** How many members a JSON text writes down: every colon that stands in no string. */
const writtenMembersOf = (text: string): number => {
  let colons = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) colons += 1;
    if (code === 0x22) at = endOfString(text, at);
  }
  return colons;
};

const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return text.length;
};

/**
 * The object that a JSON text is; undefined for every other text, and where a member is there twice, of which YAML knows
 * to say the place (RFC 8259 4 leaves it open).
 */
export const readJson = (text: string): { value: object } | undefined => {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as object;
    return membersOf(value) === writtenMembersOf(text) ? { value } : undefined;
  } catch {
    return undefined;
  }
};
