import type { Operation } from '../api/operation.js';
import { journeyOperations } from './journeys.js';
import { keyOperations, type RecordParts } from './keys.js';
import { logoutJobOperations } from './logout-jobs.js';

/** Operations on what happened in a track, and on the keys that signed for it. */
export const recordOperations = (parts: RecordParts): Operation[] => [
  ...keyOperations(parts),
  ...journeyOperations(parts),
  ...logoutJobOperations(parts),
];
