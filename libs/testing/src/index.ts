export { busSuite } from './bus/bus-suite.js';
export { suiteContracts } from './bus/contracts.js';
export { World, type BusFactory, type BusUnderTest } from './bus/world.js';
