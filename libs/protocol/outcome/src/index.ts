export { fail, ok } from './outcome.js';
export type { Failure, Outcome, Success } from './outcome.js';
