import { durableRules } from './durable-rules.js';
import { eventRules } from './event-rules.js';
import { questionRules } from './question-rules.js';
import { World, type BusFactory } from '../world.js';

/**
 * What every bus must do, whatever carries the messages.
 * @param factory makes a bus for one test
 */
export function busSuite(name: string, factory: BusFactory): void {
  jest.setTimeout(20_000);
  describe(`${name}: a bus`, () => {
    let world: World;
    beforeEach(async () => {
      world = new World(await factory());
    });
    afterEach(() => world.close());

    describe('questions', () => questionRules(() => world));
    describe('events', () => eventRules(() => world));
    describe('durable events', () => durableRules(() => world));
  });
}
