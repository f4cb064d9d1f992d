import type { UpParty } from '@corsac/model';
import { authenticationContexts } from '@corsac/oidc';

/**
 * What every user of an address reaches, for `acr_values_supported`: some clients ask for all that is listed, so `mfa` stands there
 * only where everybody has a second factor anyway. Providers above are not ours to speak for. OIDC Discovery 3.
 * @param upParties those that the client may use at this address, in so far as they are there
 */
export const reachedAcrValues = (upParties: readonly (UpParty | undefined)[]): readonly string[] | undefined => {
  const logins = upParties.filter((party) => party?.type === 'login');
  if (logins.length === 0 || logins.length < upParties.length) return undefined;
  const [password, factor] = authenticationContexts;
  return logins.every(({ require_two_factor }) => require_two_factor) ? [factor] : [password];
};
