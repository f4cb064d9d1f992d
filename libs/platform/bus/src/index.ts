export type { BusHealth, BusMeasure, BusOptions, IncomingMessage, ServiceBus } from './service-bus.js';
export { memoryBus, type MemoryBusOptions } from './memory/memory-bus.js';
export { natsBus } from './nats/nats-bus.js';
export type { NatsBusOptions, NatsCredentials, NatsServers, NatsTls } from './nats/options.js';
export { prepareStreams, type PrepareOptions } from './nats/prepare-streams.js';
