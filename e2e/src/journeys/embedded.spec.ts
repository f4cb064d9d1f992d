import { embeddedWorld } from '../world/world.js';
import { journeys } from './journeys.js';

jest.setTimeout(30_000);

describe('journeys, everything in one process', () => journeys(() => embeddedWorld()));
