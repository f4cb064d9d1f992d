import { isName } from '@corsac/model';
import type { Method, Operation } from './operation.js';

/** Where an address leads. */
export type FoundOperation =
  | { readonly kind: 'found'; readonly operation: Operation; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'other_methods'; readonly allow: readonly Method[] }
  | { readonly kind: 'nowhere' };

interface Compiled {
  readonly operation: Operation;
  readonly segments: readonly string[];
}

const nameOf = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1];

const decoded = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** What the names in a pattern stand for, or nothing where the path is another one. */
const paramsOf = (pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined => {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, segment] of pattern.entries()) {
    const name = nameOf(segment);
    const value = path[at]!;
    if (name === undefined && value !== segment) return undefined;
    if (name === undefined) continue;
    // A tenant or track of another form cannot exist, and nothing is asked of it.
    if (value === '' || ((name === 'tenant' || name === 'track') && !isName(value))) return undefined;
    params[name] = value;
  }
  return params;
};

/** Finds operations by address and method. What is written out in a pattern goes before what has a name. */
export class OperationTable {
  private readonly compiled: readonly Compiled[];

  constructor(operations: readonly Operation[]) {
    const named = (operation: Operation): number => operation.path.split('{').length;
    this.compiled = [...operations]
      .sort((one, other) => named(one) - named(other))
      .map((operation) => ({ operation, segments: operation.path.split('/') }));
  }

  /** @param rawPath as it came, without query; each part is decoded once */
  find(method: string, rawPath: string): FoundOperation {
    const path = rawPath.split('/').map(decoded);
    if (path.includes(undefined)) return { kind: 'nowhere' };
    const fitting = this.compiled.flatMap(({ operation, segments }) => {
      const params = paramsOf(segments, path as string[]);
      return params ? [{ operation, params }] : [];
    });
    // Patterns that are written out further hide the others: `/api/master/master/tenants` is no track's.
    const first = fitting[0]?.operation.path;
    const here = fitting.filter(({ operation }) => operation.path === first);
    const found = here.find(({ operation }) => operation.method === method);
    if (found) return { kind: 'found', ...found };
    return here.length > 0
      ? { kind: 'other_methods', allow: here.map(({ operation }) => operation.method) }
      : { kind: 'nowhere' };
  }
}
