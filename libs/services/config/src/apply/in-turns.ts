import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest that steps are taken one after the other, milliseconds. */
const turnMs = 10;

/** Takes the steps of long work with turns of the event loop between them: questions of other services are answered meanwhile. */
export const inTurns = async <T>(steps: Iterator<void, T>): Promise<T> => {
  let until = performance.now() + turnMs;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + turnMs;
  }
};
