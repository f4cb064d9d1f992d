import { embeddedWorld } from '../world/world.js';
import { allJourneys } from './journeys.js';

jest.setTimeout(30_000);

describe('journeys, everything in one process', () => allJourneys((further) => embeddedWorld({}, further)));
