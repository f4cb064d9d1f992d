import { claimsOf } from '../../users/user-claims.js';
import type { StoredUser } from '../../users/user-store.js';
import { goOn, overtaken, type NextStep } from '../../sequence/step.js';
import { acceptAnswer } from '../accept-answer.js';
import { learn, progressOf, userPlace, type LoginParts, type LoginTurn, type Requirement } from './login-turn.js';

/**
 * Goes on after a right password: the first requirement that is missing asks, and when none is, the login is done. Of a
 * form sent twice one wins. A password can be typed again; what was used up, as a code is, is kept before anything is made of it.
 */
export const finish = async (
  parts: LoginParts,
  requirements: readonly Requirement[],
  turn: LoginTurn,
  known?: StoredUser,
): Promise<NextStep> => {
  const { journey, frame, party } = turn;
  const { proven, factor } = progressOf(turn);
  const user = known ?? (proven && (await parts.users.read(userPlace(turn), proven.user_id)));
  // Changed since: whoever knew the old password only, or a user who may no longer sign in, begins anew.
  if (!proven || !user || user.disabled || user.epoch !== (proven.epoch ?? user.epoch)) {
    learn(turn, { proven: undefined, factor: undefined, enrolling: undefined, new_codes: undefined });
    return goOn;
  }
  const missing = requirements.find((requirement) => requirement.isMissing(turn, user));
  if (missing) return missing.ask(turn, user);
  frame.result = acceptAnswer(journey, frame, party, {
    sub: user.user_id,
    user: { user_id: user.user_id, epoch: user.epoch },
    claims: claimsOf(user),
    auth_time: proven.auth_time,
    amr: factor ? ['pwd', 'otp', 'mfa'] : ['pwd'],
    ...(factor && { acr: 'mfa' }),
  });
  return (await (factor ? journey.keep() : journey.claim())) ? goOn : overtaken;
};
