export { describeWith, type OwnPlace } from './backing/describe-with.js';
export { resolveBacking, type ResolvedBacking } from './backing/resolve-backing.js';
export { freePort } from './backing/start-on-machine.js';
export type { Backing, BackingKind } from './backing/backing.js';
