import { referencesIn, type DeclarativeFile } from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import { parseAllDocuments } from 'yaml';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';

/** Values of the documents in a file; none of what is no YAML, of which the server tells line and column. */
export const documentsIn = ({ text }: DeclarativeFile): unknown[] => {
  try {
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    return Array.isArray(documents)
      ? documents.map((document): unknown =>
          document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
        )
      : [];
  } catch {
    return [];
  }
};

/**
 * The variables that files name as `${NAME}`, and no other, from the environment: nothing else of it leaves this machine.
 * @returns their values, or every name that the environment has not, with the file that names it
 */
export const variablesFor = (
  files: readonly DeclarativeFile[],
  env: Machine['env'],
): Outcome<Record<string, string>, Problem> => {
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const file of files)
    for (const name of new Set(documentsIn(file).flatMap(referencesIn))) {
      const value = env[name];
      if (value === undefined) missing.push(`${file.file} names \${${name}}`);
      else found.set(name, value);
    }
  if (missing.length === 0) return ok(Object.fromEntries(found));
  return refused('the environment lacks variables, nothing was sent', {
    details: missing,
    mend: 'Set them, or write $${ for the characters themselves.',
  });
};

const userLists = ['users', 'external_users'];

/** Whether files bring users, of which a plan does not tell. */
export const nameUsers = (files: readonly DeclarativeFile[]): boolean => {
  const below = (value: unknown, depth: number): boolean => {
    if (value === null || typeof value !== 'object' || depth > 4) return false;
    return Object.entries(value).some(
      ([key, part]) => (userLists.includes(key) && Array.isArray(part) && part.length > 0) || below(part, depth + 1),
    );
  };
  return files.some((file) => documentsIn(file).some((document) => below(document, 0)));
};
