export { busSuite } from './bus/suites/bus-suite.js';
export { suiteContracts } from './bus/contracts.js';
export { startReplica, type Behaviour } from './bus/replica.js';
export { describeWithNatsServer, startNatsServer, type NatsServer, type NatsServerOptions } from './bus/nats-server.js';
export { World, type BusFactory, type BusUnderTest } from './bus/world.js';
export { OtherService, ServiceRig, TestClock, testMasterKeys, type RigOptions } from './service-rig/service-rig.js';
