export { run } from './run.js';
export { start, type Running, type StartOptions } from './start/start.js';
export { StartProblem } from './start/start-problem.js';
export { distributedWiring } from './wiring/distributed.js';
export { embeddedWiring } from './wiring/embedded.js';
export type { Wiring, WiringParts, World } from './wiring/wiring.js';
