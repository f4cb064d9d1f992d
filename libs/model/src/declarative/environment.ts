import { problem, type Problem } from '../problems/problem.js';

/** Values that `${NAME}` stands for. */
export type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$(\$)?\{([^}]*)\}/g;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

const inText = (text: string, env: Environment, path: Problem['path']): { value: string; problems: Problem[] } => {
  const problems: Problem[] = [];
  const value = text.replace(reference, (whole, escaped: string | undefined, name: string) => {
    if (escaped !== undefined) return whole.slice(1);
    const found = variable.test(name) && Object.hasOwn(env, name) ? env[name] : undefined;
    if (found === undefined)
      problems.push(
        problem(path, `the environment has no ${name}`, `Set ${name}, or write $\${ for the characters themselves.`),
      );
    return found ?? '';
  });
  return { value, problems };
};

/**
 * Replaces `${NAME}` in every text of a value by the environment's word; `$${` stands for the characters themselves. It happens
 * after reading the YAML, so that no value of a variable can add settings.
 * @returns the value, and a problem for each name that the environment has not
 */
export const substitute = (
  value: unknown,
  env: Environment,
  path: Problem['path'] = [],
): { value: unknown; problems: Problem[] } => {
  if (typeof value === 'string') return inText(value, env, path);
  if (Array.isArray(value)) {
    const parts = value.map((part, index) => substitute(part, env, [...path, index]));
    return { value: parts.map((part) => part.value), problems: parts.flatMap(({ problems }) => problems) };
  }
  if (value === null || typeof value !== 'object') return { value, problems: [] };
  const parts = Object.entries(value).map(([key, part]) => [key, substitute(part, env, [...path, key])] as const);
  return {
    value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    problems: parts.flatMap(([, { problems }]) => problems),
  };
};

/** The opposite: writes every text so that reading it gives the same characters again, whatever the environment holds. */
export const escapeReferences = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(reference, (whole) => `$${whole}`);
  if (Array.isArray(value)) return value.map(escapeReferences);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, escapeReferences(part)]));
};
