import { takesKind, longestIdentifier, normalizeIdentifier } from '../../users/identifiers.js';
import { guessBy, type Guess, type Guessed } from '../../users/brakes.js';
import type { StoredUser } from '../../users/user-store.js';
import { userPlace, type LoginParts, type LoginTurn } from './login-turn.js';

/** Right; wrong, whichever half it was; to wait; or nobody has time to look. */
export type PasswordVerdict =
  { readonly kind: 'right'; readonly user: StoredUser } | { readonly kind: 'wrong' | 'braked' | 'busy' };

export const guessOf = (turn: LoginTurn, identifier: string, guessed: Guessed): Guess =>
  guessBy(
    { place: userPlace(turn), guessed, identifier, address: turn.journey.request.clientIp },
    turn.view.settings.brakes,
  );

/**
 * Checks a password. Whether there is such a user, whether it is disabled or of a kind that this up-party does not take
 * makes no difference in words or time: a hash is computed in every case.
 */
export const checkPassword = async (
  parts: LoginParts,
  turn: LoginTurn,
  typed: { identifier: string; password: string },
): Promise<PasswordVerdict> => {
  const { users, hasher, brakes } = parts;
  const identifier = normalizeIdentifier(typed.identifier.slice(0, 2 * longestIdentifier));
  const guess = guessOf(turn, identifier, 'password');
  const [waits, found] = await Promise.all([
    brakes.waits(guess),
    identifier.length > longestIdentifier ? undefined : users.find(guess.place, identifier),
  ]);
  if (waits) return { kind: 'braked' };
  const user = found && takesKind(turn.party, found.kind) && !found.user.disabled ? found.user : undefined;
  const stored = user?.password_hash;
  const checked = await (stored === undefined
    ? hasher.verifyUnknown(typed.password)
    : hasher.verify(stored, typed.password));
  if (!checked.ok && checked.error === 'busy') return { kind: 'busy' };
  if (!checked.ok || !checked.value.matches || !user || stored === undefined) {
    await brakes.failed(guess);
    return { kind: 'wrong' };
  }
  // Guesses made side by side: the right one counts no more once the wrong ones were too many.
  if (!(await brakes.believes(guess))) return { kind: 'braked' };
  if (checked.value.rehash) await rehash(parts, turn, { user_id: user.user_id, stored, password: typed.password });
  return { kind: 'right', user };
};

/** A hash of another cost, or one that was imported, becomes one of today's; when nobody has time, next time. */
const rehash = async (
  { users, hasher }: LoginParts,
  turn: LoginTurn,
  known: { user_id: string; stored: string; password: string },
): Promise<void> => {
  const next = await hasher.hash(known.password);
  if (next.ok) await users.rehash(userPlace(turn), known.user_id, { old: known.stored, next: next.value });
};
