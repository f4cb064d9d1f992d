import { durableRules } from './durable.js';
import { eventRules } from './events.js';
import { questionRules } from './questions.js';
import { World, type BusFactory } from './world.js';

/**
 * What every bus must do, whatever carries the messages.
 * @param factory makes a bus for one test
 */
export function busSuite(name: string, factory: BusFactory): void {
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
