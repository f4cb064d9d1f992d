import { useSession, type Bus, type Session } from '@corsac/contracts';
import type { Frame, LoginFailed, SignedIn } from '../sequence/sequence.js';
import type { Journey } from '../sequence/journey.js';
import { away, goOn, type NextStep } from '../sequence/step.js';

export interface ChooseParts {
  readonly bus: Bus;
  /** A sign-in that an identity provider began for this application, in this browser and a moment ago. */
  readonly initiatedBefore: (journey: Journey, frame: Frame) => Promise<SignedIn | undefined>;
  /** Home realm discovery among several up-parties: chooses by rule, or asks the user. */
  readonly discover: (journey: Journey, frame: Frame) => Promise<NextStep>;
}

/** Prompts with which a session that is there must not answer (OIDC Core 3.1.2.1). */
const wantsNewSignIn = ({ login }: Frame): boolean =>
  login.prompt.includes('login') || login.prompt.includes('select_account');

/**
 * Who answers a login request: a session that is there, the only up-party that may, or home realm discovery. `prompt=none`
 * can be answered by a session, or by the one provider above, which is asked with `prompt=none` too.
 */
export const chooseWith =
  ({ bus, discover, initiatedBefore }: ChooseParts) =>
  async (journey: Journey, frame: Frame): Promise<NextStep> => {
    if (!wantsNewSignIn(frame)) {
      const initiated = await initiatedBefore(journey, frame);
      if (initiated) {
        frame.result = initiated;
        return goOn;
      }
      const found = await findSession(bus, journey, frame);
      if (found === 'away') return away('session');
      if (found) {
        frame.result = signedInBy(found);
        return goOn;
      }
    }
    const candidates = frame.login.up_parties;
    if (candidates.length === 1) {
      frame.upParty = candidates[0];
      return goOn;
    }
    if (frame.login.prompt.includes('none')) {
      frame.result = loginRequired;
      return goOn;
    }
    return discover(journey, frame);
  };

/** OIDC Core 3.1.2.6: nobody can be asked, and nobody is signed in. */
export const loginRequired: LoginFailed = {
  ok: false,
  error: 'login_required',
  error_description: 'the user is not signed in',
};

const findSession = async (bus: Bus, journey: Journey, frame: Frame): Promise<Session | 'away' | undefined> => {
  if (journey.browser.id === undefined) return undefined;
  const { login, down } = frame;
  const asked = await bus.ask(
    useSession,
    {
      tenant: journey.sequence.tenant,
      track: frame.track,
      browser_id: journey.browser.id,
      up_parties: [...login.up_parties],
      ...(down.type !== 'account' &&
        down.type !== 'initiated' && { reached: { party: down.party, type: down.type, issuer: down.issuer } }),
      ...(login.max_age !== undefined && { max_age: login.max_age }),
      ...(login.sub !== undefined && { sub: login.sub }),
      ...(login.mfa && { mfa: true }),
    },
    journey.request.messageContext,
  );
  if (asked.ok) {
    // Single sign-on may have moved the deadline. A cookie that ends with the browser is not set again: it stays as it is.
    const { session, browser_until } = asked.value;
    if (browser_until !== undefined) journey.browser.keepFor(browser_until - journey.now());
    return session;
  }
  return asked.error.refusal === 'unavailable' ? 'away' : undefined;
};

const signedInBy = (session: Session): SignedIn => ({
  ok: true,
  up_party: session.up_party,
  up_party_type: session.up_party_type,
  sub: session.sub,
  ...(session.user && { user: session.user }),
  claims: session.claims as SignedIn['claims'],
  auth_time: session.auth_time,
  amr: session.amr,
  ...(session.acr !== undefined && { acr: session.acr }),
  ...(session.upstream && { upstream: session.upstream }),
  session,
  beneath: [],
});
