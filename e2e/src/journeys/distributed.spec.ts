import { describeWith } from '@corsac/testing/backing';
import { distributedWorld } from '../world/world.js';
import { allJourneys } from './journeys.js';

jest.setTimeout(30_000);

describe('journeys, a process per service', () => {
  describeWith('postgres', (database) => {
    describeWith('redis', (redis) => {
      describeWith('nats', (nats) => {
        allJourneys((further) => distributedWorld({ database, redis, nats }, 1, further));
      });
    });
  });
});
