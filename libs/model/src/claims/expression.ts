import { RE2JS } from 're2js';

/** Longest program of a compiled expression, in instructions; counted repetitions multiply it. */
const maxProgram = 500;

/** Most compiled expressions that are kept. */
const maxKept = 1000;

const kept = new Map<string, RE2JS | string>();

const tryCompile = (expression: string): RE2JS | string => {
  try {
    const made = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
    return made.programSize() > maxProgram ? 'is too large a regular expression; use smaller repetitions' : made;
  } catch (error) {
    return `is not a valid regular expression (RE2, no backreferences or look-around): ${(error as Error).message}`;
  }
};

/** Compiling costs a hundred times a match, so the last ones used are kept; what is kept follows from the argument alone. */
const compile = (expression: string): RE2JS | string => {
  const known = kept.get(expression);
  if (known !== undefined) return known;
  const made = tryCompile(expression);
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value!);
  kept.set(expression, made);
  return made;
};

/**
 * Tells why an expression is not usable, or nothing when it is. Only the RE2 language is taken: no backreferences and no
 * look-around, so that matching is linear in the length of the value and a hostile expression cannot hang a sign-in.
 */
export const expressionFault = (expression: string): string | undefined => {
  const made = compile(expression);
  return typeof made === 'string' ? made : undefined;
};

/** Tells whether an expression has a group called `map`. */
export const hasMapGroup = (expression: string): boolean => {
  const made = compile(expression);
  return typeof made !== 'string' && Object.hasOwn(made.namedGroups(), 'map');
};

/** Work that one run may spend on expressions, in instructions times characters; about a third of a second. */
export const expressionBudget = 16_000_000;

/**
 * The expressions of one run, with one budget for all: linear is not yet short when a large program meets a long value.
 * A question that cannot be answered, for want of budget or of a valid expression, is answered `undefined`.
 */
export class ExpressionRun {
  private used = 0;

  constructor(private readonly budget = expressionBudget) {}

  /** Instructions times characters that were spent so far: matching takes no more steps than this. */
  get spent(): number {
    return this.used;
  }

  private matcher(expression: string, text: string) {
    const compiled = compile(expression);
    if (typeof compiled === 'string') return undefined;
    const cost = compiled.programSize() * text.length;
    if (this.used + cost > this.budget) {
      // What is too much ends the run, so that many small questions after a large one cannot go on.
      this.used = this.budget;
      return undefined;
    }
    this.used += cost;
    return compiled.matcher(text);
  }

  /** Tells whether an expression matches somewhere in a text, without regard to case. */
  matches(expression: string, text: string): boolean | undefined {
    return this.matcher(expression, text)?.find();
  }

  /** The text of the group called `map` at the first match; null when nothing matches. */
  mapGroup(expression: string, text: string): string | null | undefined {
    const matcher = this.matcher(expression, text);
    return matcher && (matcher.find() ? matcher.group('map') : null);
  }
}
