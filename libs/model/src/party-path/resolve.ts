import { fail, ok, type Outcome } from '@corsac/outcome';
import { everyUpParty } from './binding.js';

/**
 * Decides which up-parties a request may use, reference 1.2.
 * @param allowed the down-party's `allow_up_parties`, in order of preference
 * @param binding the names asked by the address; undefined or `['*']` asks for all
 * @param usable tells whether an up-party exists and may sign in users; others are left out
 * @returns the names, in the order asked, and those that were skipped because the down-party does not allow them; none left is refused
 */
export const resolveBinding = (
  allowed: readonly string[],
  binding: readonly string[] | undefined,
  usable: (upParty: string) => boolean = () => true,
): Outcome<{ upParties: readonly string[]; skipped: readonly string[] }, 'no_up_party'> => {
  const asked = !binding || binding.includes(everyUpParty) ? allowed : binding;
  const upParties = asked.filter((name) => allowed.includes(name) && usable(name));
  const skipped = asked.filter((name) => !upParties.includes(name));
  return upParties.length > 0 ? ok({ upParties, skipped }) : fail('no_up_party');
};
