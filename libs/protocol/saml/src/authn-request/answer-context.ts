import { authnContexts, mfaContexts } from '../names.js';
import type { RequestedAuthnContext } from './authn-request.js';

/** How somebody signed in, in words of RFC 8176, and as others said it. */
export interface SignInFacts {
  readonly amr: readonly string[];
  /** Classes that are known of it besides: what a provider above said, what a claim transform made of it. */
  readonly class_refs?: readonly (string | undefined)[];
}

const { unspecified, internetProtocol, password, passwordProtectedTransport } = authnContexts;

/**
 * How strong classes are that are compared; SAML leaves the order to whoever answers. A class that does not stand here is
 * neither stronger nor weaker than any other.
 */
const strengths: ReadonlyMap<string, number> = new Map([
  [unspecified, 0],
  [internetProtocol, 1],
  [password, 2],
  [authnContexts.internetProtocolPassword, 2],
  [passwordProtectedTransport, 3],
  [authnContexts.x509, 4],
  [authnContexts.tlsClient, 4],
  [authnContexts.smartcard, 4],
  [authnContexts.timeSyncToken, 4],
  [authnContexts.smartcardPki, 5],
  [authnContexts.mobileTwoFactorUnregistered, 5],
  [authnContexts.mobileTwoFactorContract, 5],
  ...mfaContexts.map((context) => [context, 5] as const),
]);

/**
 * Does a class meet what was asked? SAML Core 3.3.2.2.1.
 * @param requested without classes (it named declarations, which we do not know) nothing meets it
 */
export function meetsContext({ comparison, class_refs }: RequestedAuthnContext, classRef: string | undefined): boolean {
  if (classRef === undefined || class_refs.length === 0) return false;
  if (comparison !== 'better' && class_refs.includes(classRef)) return true;
  const own = strengths.get(classRef);
  const asked = class_refs.map((ref) => strengths.get(ref));
  if (own === undefined || comparison === 'exact') return false;
  if (comparison === 'better') return asked.every((one) => one !== undefined && own > one);
  return asked.some((one) => one !== undefined && (comparison === 'minimum' ? own >= one : own <= one));
}

/** Classes that are true of a sign-in, the strongest first; what others said goes before what we would say. */
function trueContexts({ amr, class_refs = [] }: SignInFacts): string[] {
  const said = class_refs.filter((ref) => ref !== undefined && ref.includes(':')) as string[];
  const factor = amr.includes('mfa') ? [...mfaContexts] : [];
  const byPassword = amr.includes('pwd') ? [passwordProtectedTransport, password] : [];
  const all = [...new Set([...said, ...factor, ...byPassword, unspecified])];
  return all.sort((one, other) => (strengths.get(other) ?? 0) - (strengths.get(one) ?? 0));
}

/**
 * The class with which an identity provider answers a request for one.
 * @returns one that is true of the sign-in and meets the request, of several the one that was asked for; undefined when
 * there is none, which is answered with NoAuthnContext. SAML Core 3.3.2.2.1, 3.4.1.4
 */
export function answerContext(requested: RequestedAuthnContext, facts: SignInFacts): string | undefined {
  const known = trueContexts(facts);
  const asked = requested.class_refs.find((ref) => known.includes(ref) && meetsContext(requested, ref));
  return asked ?? known.find((ref) => meetsContext(requested, ref));
}

/** What our own users can sign in with at most. */
const bothFactors = ['pwd', 'otp', 'mfa'];

/** Can a password, with a second factor if need be, meet what was asked? */
export function canMeetByOwnUsers(requested: RequestedAuthnContext): boolean {
  return answerContext(requested, { amr: bothFactors }) !== undefined;
}

/** Is what was asked met by a second factor and not by a password alone? REFEDS MFA and the like. */
export function needsSecondFactor(requested: RequestedAuthnContext): boolean {
  return canMeetByOwnUsers(requested) && answerContext(requested, { amr: ['pwd'] }) === undefined;
}
