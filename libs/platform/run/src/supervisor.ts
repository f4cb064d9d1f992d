export { runSupervisor } from './supervisor/run-supervisor.js';
export { supervise, type Supervised, type SuperviseOptions } from './supervisor/supervise.js';
