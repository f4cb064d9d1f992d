import type { PasswordHasher } from '@corsac/data';
import { bundledLeakedPasswords, passwordFaults, type PasswordPolicy } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { FieldErrors } from '../pages/account/new-password-fields.js';
import type { StoredUser } from './user-store.js';

/** A password that somebody wants to have from now on. */
export interface WantedPassword {
  readonly password: string;
  readonly repeated: string;
  readonly policy: PasswordPolicy;
  /** Names and addresses of its owner. */
  readonly identifiers: readonly string[];
  /** Words of the address where it is used: host, tenant, track. */
  readonly address: readonly string[];
  /** Whose present and earlier passwords it must differ from. */
  readonly user?: StoredUser;
}

/**
 * Judges a new password by the track's policy and hashes it.
 * @returns the hash, what is wrong by field, or `busy` when nobody has time to hash
 */
export const judgeNewPassword = async (
  hasher: PasswordHasher,
  wanted: WantedPassword,
): Promise<Outcome<string, FieldErrors | 'busy'>> => {
  const { password, repeated, policy, identifiers, address, user } = wanted;
  const [fault] = passwordFaults(password, policy, { identifiers, address, leaked: bundledLeakedPasswords });
  if (fault) return fail({ new_password: `password_${fault}` as const });
  if (password !== repeated) return fail({ repeat_password: 'passwords_differ' as const });
  const earlier = user ? await usedBefore(hasher, password, user, policy.history) : undefined;
  if (earlier) return fail(earlier === 'busy' ? earlier : { new_password: earlier });
  const hashed = await hasher.hash(password);
  if (hashed.ok) return ok(hashed.value);
  return fail(hashed.error === 'busy' ? 'busy' : { new_password: 'password_too_long' as const });
};

const usedBefore = async (
  hasher: PasswordHasher,
  password: string,
  user: StoredUser,
  history: number,
): Promise<'password_same' | 'password_used_before' | 'busy' | undefined> => {
  const kept = [user.password_hash, ...user.password_history.slice(0, history)];
  for (const [index, hash] of kept.entries()) {
    if (hash === undefined) continue;
    const checked = await hasher.verify(hash, password);
    if (!checked.ok) return checked.error === 'busy' ? 'busy' : undefined;
    if (checked.value.matches) return index === 0 ? 'password_same' : 'password_used_before';
  }
  return undefined;
};

/** Identifiers and names of a user, none of which belongs into a password. */
export const namesOf = (user: Pick<StoredUser, 'email' | 'phone' | 'username' | 'claims'>): string[] =>
  [
    user.email,
    user.phone,
    user.username,
    user.claims['name'],
    user.claims['given_name'],
    user.claims['family_name'],
  ].filter((name): name is string => typeof name === 'string');
