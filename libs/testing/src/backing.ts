export { describeWith, describeWithInstalled, type OwnPlace } from './backing/describe-with.js';
export { resolveBacking, type ResolvedBacking } from './backing/resolve-backing.js';
export { freePort, isOnMachine, startOnMachine, type MachineOptions } from './backing/start-on-machine.js';
export type { Backing, BackingKind, StartedServer } from './backing/backing.js';
