import { fail, type Failure } from '@corsac/outcome';

/** Why a command does not do what it was asked to: what people read, and what machines get with `--json`. */
export interface Problem {
  readonly message: string;
  /** One line each, such as the fields that were refused. */
  readonly details?: readonly string[];
  /** What to do about it. */
  readonly mend?: string;
  /** The command was written wrongly: exit code 2 instead of 1. */
  readonly usage?: true;
}

export const refused = (message: string, more: Omit<Problem, 'message'> = {}): Failure<Problem> =>
  fail({ message, ...more });

export const wrongUsage = (message: string, mend?: string): Failure<Problem> =>
  fail({ message, usage: true, ...(mend !== undefined && { mend }) });

/**
 * Text without characters that move the cursor or change the terminal: names and notes that are shown were written by others.
 * Line ends and tabs stay.
 */
export const plain = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
