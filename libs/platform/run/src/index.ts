export { run } from './run.js';
export { start, type Running, type StartOptions } from './start/start.js';
export { StartProblem } from './start/start-problem.js';
export type { Wiring, WiringParts, World } from './wiring/wiring.js';
