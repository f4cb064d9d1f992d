import type { UpParty, UpPartyType } from '@corsac/model';
import type { Frame } from '../sequence/sequence.js';
import type { Journey } from '../sequence/journey.js';
import type { NextStep } from '../sequence/step.js';

/**
 * How one kind of up-party turns a login request into a login result. `proceed` begins when `frame.up` is empty and goes
 * on from there otherwise; it gives the browser something to do, or sets `frame.result` (by `acceptAnswer`) and goes on.
 */
export interface UpPartyKind<Type extends UpPartyType = UpPartyType> {
  readonly type: Type;
  proceed(journey: Journey, frame: Frame, party: Extract<UpParty, { type: Type }>): Promise<NextStep>;
}

/** The kinds that can sign users in, by type. A new kind is a folder and a line where this is made. */
export type UpPartyKinds = ReadonlyMap<string, UpPartyKind>;
