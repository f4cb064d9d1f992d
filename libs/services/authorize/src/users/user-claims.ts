import type { Claims } from '@corsac/model';
import type { StoredUser } from './user-store.js';

/** Kept claims that say nothing are not given: a claim is there with its JSON type, or not at all. */
const withoutNothing = (claims: Claims): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null && value !== undefined));

/**
 * The claims of a user (OIDC Core 5.1): his own, then those that follow from identifiers, flags and roles, which his own
 * cannot replace.
 */
export const claimsOf = (user: StoredUser): Claims => {
  const { email, phone, username, roles } = user;
  const preferred = username ?? email ?? phone;
  return {
    ...withoutNothing(user.claims),
    ...(email !== undefined && { email, email_verified: user.email_verified }),
    ...(phone !== undefined && { phone_number: phone, phone_number_verified: user.phone_verified }),
    ...(preferred !== undefined && { preferred_username: preferred }),
    ...(roles.length > 0 && { role: [...roles] }),
  };
};
