import { fail, ok, type Outcome } from '@corsac/outcome';
import { declarations } from './declarations.js';
import { isLoopbackUrl } from './kinds.js';
import { fallbackIn, type CertainSetting, type OpenSetting, type Setting, type Shape } from './setting.js';

type Declarations = typeof declarations;
type ValueOf<Declared> =
  Declared extends CertainSetting<infer Value>
    ? Value
    : Declared extends OpenSetting<infer Value>
      ? Value | undefined
      : never;
type Read = { readonly [Name in keyof Declarations]: ValueOf<Declarations[Name]> };

/** The settings of a process, read once at start and handed on in slices. */
export interface Settings extends Omit<Read, 'base_url'> {
  readonly shape: Shape;
  /** An origin: no path, no trailing slash. */
  readonly base_url: string;
  /** Whether the base URL is of this machine: the demo, http and loopback are fine then. */
  readonly loopback: boolean;
  /** Sentences on development defaults that are in use. */
  readonly warnings: readonly string[];
}

/** A setting that cannot be used. `toString` gives cause and mend in one line, without the value of a secret. */
export class SettingProblem {
  constructor(
    readonly variable: string,
    readonly problem: string,
    readonly mend: string,
  ) {}

  toString(): string {
    return `${this.variable} ${this.problem}: ${this.mend}`;
  }
}

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);

const mendOf = ({ variable, example }: Setting<unknown>): string =>
  example === undefined ? `set another value or unset ${variable}` : `set it, for example ${variable}=${example}`;

const readOne = <Value>(
  declared: Setting<Value>,
  given: string | undefined,
  shape: Shape,
): Outcome<Value | undefined, SettingProblem> => {
  const { variable } = declared;
  if (given === undefined && declared.required?.includes(shape)) {
    return fail(new SettingProblem(variable, 'is not set', mendOf(declared)));
  }
  const text = given ?? fallbackIn(declared, shape);
  if (text === undefined) return ok(undefined);
  const parsed = declared.schema.safeParse(text);
  if (parsed.success) return ok(parsed.data);
  const value = declared.secret ? '' : ` (${shown(text)})`;
  const problem = parsed.error.issues[0]?.message ?? 'cannot be used';
  return fail(new SettingProblem(variable, `${problem}${value}`, mendOf(declared)));
};

/** An empty variable is an unset one: compose files and shells leave such behind. */
const givenIn = (env: NodeJS.ProcessEnv, variable: string): string | undefined => env[variable]?.trim() || undefined;

/**
 * Reads every setting of a shape.
 * @param env the process's environment
 * @returns all problems at once, so that one start is enough to know them
 */
export const readSettings = (env: NodeJS.ProcessEnv, shape: Shape): Outcome<Settings, readonly SettingProblem[]> => {
  const values: Record<string, unknown> = {};
  const problems: SettingProblem[] = [];
  for (const [name, declared] of Object.entries(declarations) as [string, Setting<unknown>][]) {
    const outcome = readOne(declared, givenIn(env, declared.variable), shape);
    if (outcome.ok) values[name] = outcome.value;
    else problems.push(outcome.error);
  }
  if (problems.length > 0) return fail(problems);
  const read = values as unknown as Read;
  const base_url = read.base_url ?? `http://localhost:${read.port}`;
  return ok({ ...read, shape, base_url, loopback: isLoopbackUrl(base_url), warnings: warningsOf(read, shape) });
};

/** A development default is unsafe as soon as others can reach the process. */
const warningsOf = ({ host, base_url }: Read, shape: Shape): readonly string[] => {
  const reachable = !['127.0.0.1', '::1', 'localhost'].includes(host);
  if (shape === 'distributed' || !reachable) return [];
  const { base_url: declared } = declarations;
  return base_url === undefined ? [`${declared.variable} is not set while HOST=${host}: ${declared.unsafe}`] : [];
};
