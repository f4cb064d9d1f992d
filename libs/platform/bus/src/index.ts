export type { BusHealth, BusMeasure, BusOptions, IncomingMessage, ServiceBus } from './service-bus.js';
export { memoryBus, type MemoryBusOptions } from './memory/memory-bus.js';
