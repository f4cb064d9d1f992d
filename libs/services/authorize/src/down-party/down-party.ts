import type { AskingType, Frame, LoginResult } from '../sequence/sequence.js';
import type { Journey } from '../sequence/journey.js';
import type { NextStep } from '../sequence/step.js';

/** How one kind of down-party turns a login result into its protocol's answer. */
export interface DownPartyKind {
  readonly type: AskingType;
  answer(journey: Journey, frame: Frame, result: LoginResult): Promise<NextStep>;
}

export type DownPartyKinds = ReadonlyMap<string, DownPartyKind>;
