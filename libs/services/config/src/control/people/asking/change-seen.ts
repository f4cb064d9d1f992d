import { fail } from '@corsac/outcome';
import type { Caller, Reply } from '../../api/operation.js';
import { checkPrecondition } from '../../api/precondition.js';
import { conflict, type Answered } from '../../api/refusal.js';

/** What a change comes to that met another one. */
export const changedMeanwhile = conflict('It has been changed meanwhile.', 'Read it again and try once more.');

/** How often a change that met another one is tried. */
const attempts = 3;

/**
 * Changes a thing as it was seen when the conditions of the call were looked at. When somebody else changes it in between, all of
 * it is done anew, so that no change is lost.
 * @param read gives the thing as it is shown
 * @param change gives `changedMeanwhile` when the thing is otherwise by now
 */
export const changeSeen = async <Seen>(
  { headers }: Pick<Caller, 'headers'>,
  read: () => Promise<Answered<Seen>>,
  change: (seen: Seen) => Promise<Answered<Reply>>,
): Promise<Answered<Reply>> => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const seen = await read();
    if (!seen.ok) return seen;
    const stale = checkPrecondition(headers, seen.value);
    if (stale) return fail(stale);
    const changed = await change(seen.value);
    if (changed.ok || changed.error !== changedMeanwhile.error) return changed;
  }
  return changedMeanwhile;
};
