/** Deepest nesting of a configuration; everything that Corsac reads is far flatter. */
const maxDepth = 32;

/**
 * Tells whether a JSON value is nested too deeply for what walks it by recursion. Looks level by level, so that no depth can
 * exhaust the stack.
 */
export const isTooDeep = (value: unknown): boolean => {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true;
    level = level.flatMap((part) => (part !== null && typeof part === 'object' ? Object.values(part) : []));
  }
  return false;
};

/** What is said of such a value. */
export const tooDeep = 'is nested too deeply';
