/** A start that cannot work: what is wrong and what to do, in one line, without secrets. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';

  /**
   * @param problem what is wrong, beginning with its subject: `port 4400 on 127.0.0.1 is taken`
   * @param mend what to do: `stop the other process or set PORT`
   */
  constructor(problem: string, mend: string, cause?: unknown) {
    super(`${problem}: ${mend}`, { cause });
  }
}

const firstLine = (error: unknown): string => {
  // Errors of the system come from outside of a test's realm, where `instanceof` does not know them.
  const { message } = (error ?? {}) as { message?: unknown };
  const text = typeof message === 'string' && message !== '' ? message : String(error);
  return text.split('\n')[0] ?? '';
};

/**
 * Turns what a step of the start threw into a problem with a mend.
 * @param subject what the step was about: `the database (DATABASE_URL)`
 */
export const asStartProblem = (error: unknown, subject: string, mend: string): StartProblem =>
  error instanceof StartProblem ? error : new StartProblem(`${subject}: ${firstLine(error)}`, mend, error);
