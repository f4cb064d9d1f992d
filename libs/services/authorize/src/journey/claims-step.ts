import type { JourneyEvent } from '@corsac/contracts';
import type { Claims, TransformFault, TransformStep } from '@corsac/model';
import type { Outcome } from '@corsac/outcome';

/** Something that happened, as it is told to the record; the record adds the time. */
export type JourneyNote = Omit<JourneyEvent, 'at_ms'>;

/** Takes down what happens on a journey. */
export type Note = (note: JourneyNote) => void;

/** Whose rules ran. */
export interface ClaimsPlace {
  readonly track: string;
  readonly party: string;
}

type Transformed = Outcome<{ readonly claims: Claims; readonly trace: readonly TransformStep[] }, TransformFault>;

/**
 * Tells of a party's claim transforms: which claims there were before and after, and what each rule did. Names and numbers
 * only: a value may be a token or somebody's number. A party without transforms has nothing to tell.
 */
export const noteTransforms = (note: Note, place: ClaimsPlace, before: Claims, transformed: Transformed): void => {
  if (!transformed.ok) {
    const detail = `claim transform ${transformed.error.rule}: ${transformed.error.message}`.slice(0, 1000);
    note({ ...place, kind: 'claims.transformed', outcome: 'refused', detail, claims_before: Object.keys(before) });
    return;
  }
  const { claims, trace } = transformed.value;
  if (trace.length === 0) return;
  note({
    ...place,
    kind: 'claims.transformed',
    outcome: 'ok',
    claims_before: Object.keys(before),
    claims_after: Object.keys(claims),
    trace: trace.map(({ before: had, after: has, ...step }) => ({
      ...step,
      values_before: had.length,
      values_after: has.length,
    })),
  });
};

/** Tells what a list let through: an up-party's forward list, a down-party's issue list. */
export const noteSelection = (
  note: Note,
  place: ClaimsPlace & { readonly kind: 'claims.forwarded' | 'claims.issued' },
  before: Claims,
  after: Claims,
): void => note({ ...place, outcome: 'ok', claims_before: Object.keys(before), claims_after: Object.keys(after) });
