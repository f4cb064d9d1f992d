import { busSuite } from '@corsac/testing';
import { memoryBus } from './memory-bus.js';

busSuite('in one process', async () => {
  let bus: ReturnType<typeof memoryBus> | undefined;
  return {
    process: async (options) => (bus ??= memoryBus({ ...options, services: ['token', 'authorize', 'config'] })),
    close: async () => undefined,
  };
});
