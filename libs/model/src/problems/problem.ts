import type { z } from 'zod';

/** One thing that is wrong in a configuration, where it stands and what to do about it. */
export interface Problem {
  /** Keys and indexes from the document's root to the field. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** What somebody who reads the message should do. */
  readonly mend?: string;
}

/** Makes a problem. The path may be written as one field name. */
export const problem = (path: Problem['path'] | string, message: string, mend?: string): Problem => ({
  path: typeof path === 'string' ? [path] : path,
  message,
  ...(mend !== undefined && { mend }),
});

/** Puts problems of a part under the path at which the part stands. */
export const under = (path: Problem['path'], problems: readonly Problem[]): Problem[] =>
  problems.map((each) => ({ ...each, path: [...path, ...each.path] }));

/** Writes a path as people read it: `up_parties[0].client_secret`. */
export const fieldName = (path: Problem['path']): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');

type Issue = z.core.$ZodIssue;

const pathOf = (issue: Issue): (string | number)[] =>
  issue.path.map((key) => (typeof key === 'number' ? key : String(key)));

/** An unknown key gets a problem of its own, at that key, so that a file's line can be named. */
const fromIssue = (issue: Issue): Problem[] => {
  if (issue.code !== 'unrecognized_keys') return [problem(pathOf(issue), issue.message)];
  return issue.keys.map((key) =>
    problem([...pathOf(issue), key], 'is not a known setting', 'Remove it or correct its spelling.'),
  );
};

/** Turns the refusals of a schema into problems, one per field. */
export const problemsOf = (error: z.ZodError): Problem[] => error.issues.flatMap(fromIssue);
