import { authnContexts, mfaContexts } from '../names.js';

const isMfa = (classRef: string): boolean => (mfaContexts as readonly string[]).includes(classRef);

/** How a user logged in, as an assertion says it. RFC 8176 for the values of amr. */
export function classRefOfAmr(amr: readonly string[]): string {
  if (amr.includes('mfa')) return mfaContexts[0];
  return amr.includes('pwd') ? authnContexts.passwordProtectedTransport : authnContexts.unspecified;
}

/** And back; undefined when the class says nothing about the method. */
export function amrOfClassRef(classRef: string): string[] | undefined {
  if (isMfa(classRef)) return ['mfa'];
  const isPassword = classRef === authnContexts.passwordProtectedTransport || classRef === authnContexts.password;
  return isPassword ? ['pwd'] : undefined;
}
