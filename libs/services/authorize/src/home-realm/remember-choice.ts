import { remember } from '@corsac/model';
import type { Frame } from '../sequence/sequence.js';
import type { Journey } from '../sequence/journey.js';

/** What home realm discovery remembers while no up-party is chosen: the user wants to be asked, whatever rules say. */
export interface HomeRealmMemory {
  readonly ask: true;
}

/** Takes a choice back; the user is asked again. */
export const askAgain = (frame: Frame): void => {
  frame.upParty = undefined;
  frame.asked = undefined;
  frame.up = { ask: true } satisfies HomeRealmMemory;
};

/** The browser remembers by what its user signed in, so that next time nobody asks. */
export const rememberChoice = ({ browser }: Journey, track: string, upParty: string): void => {
  const before = browser.homeRealms(track);
  if (before[0] !== upParty) browser.rememberHomeRealms(track, remember(before, upParty));
};
