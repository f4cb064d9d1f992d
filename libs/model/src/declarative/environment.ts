import { problem, type Problem } from '../problems/problem.js';

/** Values that `${NAME}` stands for. */
export type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$(\$)?\{([^}]*)\}/g;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

const inText = (text: string, env: Environment, missing: (name: string) => void): string =>
  text.replace(reference, (whole, escaped: string | undefined, name: string) => {
    if (escaped !== undefined) return whole.slice(1);
    const found = variable.test(name) && Object.hasOwn(env, name) ? env[name] : undefined;
    if (found === undefined) missing(name);
    return found ?? '';
  });

/**
 * Replaces `${NAME}` in every text of a value by the environment's word; `$${` stands for the characters themselves. It happens
 * after reading the YAML, so that no value of a variable can add settings.
 * @returns the value, and a problem for each name that the environment has not
 */
export const substitute = (value: unknown, env: Environment): { value: unknown; problems: Problem[] } => {
  const problems: Problem[] = [];
  // One path for the whole walk: files of many tracks have a hundred thousand texts, and hardly one has a problem.
  const path: (string | number)[] = [];
  const missing = (name: string): void => {
    const mend = `Set ${name}, or write $\${ for the characters themselves.`;
    problems.push(problem([...path], `the environment has no ${name}`, mend));
  };
  const below = (key: string | number, part: unknown): unknown => {
    path.push(key);
    const filled = fill(part);
    path.pop();
    return filled;
  };
  const fill = (part: unknown): unknown => {
    if (typeof part === 'string') return part.includes('${') ? inText(part, env, missing) : part;
    if (Array.isArray(part)) return part.map((one, index) => below(index, one));
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, below(key, one)]));
  };
  return { value: fill(value), problems };
};

/** The opposite: writes every text so that reading it gives the same characters again, whatever the environment holds. */
export const escapeReferences = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(reference, (whole) => `$${whole}`);
  if (Array.isArray(value)) return value.map(escapeReferences);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, escapeReferences(part)]));
};

/** The names that `${NAME}` stands for anywhere in a value, each once: what an environment must have for `substitute`. */
export const referencesIn = (value: unknown): string[] => {
  if (typeof value === 'string') {
    const found = [...value.matchAll(reference)].flatMap(([, escaped, name = '']) =>
      escaped === undefined && variable.test(name) ? [name] : [],
    );
    return [...new Set(found)];
  }
  if (value === null || typeof value !== 'object') return [];
  return [...new Set(Object.values(value).flatMap(referencesIn))];
};
