import { fail, ok, type Outcome } from '@corsac/outcome';
import { isName } from '../names/names.js';

/** Most up-parties that one address may name, reference 1.2. */
export const maxBoundUpParties = 4;
