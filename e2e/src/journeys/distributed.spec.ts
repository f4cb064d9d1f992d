import { describeWith } from '@corsac/testing/backing';
import { distributedWorld } from '../world/world.js';
import { journeys } from './journeys.js';

jest.setTimeout(30_000);

describe('journeys, a process per service', () => {
  describeWith('postgres', (database) => {
    describeWith('redis', (redis) => {
      describeWith('nats', (nats) => {
        journeys(() => distributedWorld({ database, redis, nats }));
      });
    });
  });
});
