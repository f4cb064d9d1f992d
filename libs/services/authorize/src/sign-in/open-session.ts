import { startSession, type Bus, type ReachedParty, type Session, type SessionToStart } from '@corsac/contracts';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Frame, SignedIn } from '../sequence/sequence.js';
import type { Journey } from '../sequence/journey.js';

/** This frame's part of a sign-in, as the session service wants it. */
export const sessionPart = (
  journey: Journey,
  frame: Frame,
  result: SignedIn,
  nameId?: ReachedParty['name_id'],
): SessionToStart => {
  const party = journey.view(frame).upParty(result.up_party);
  const lifetimes =
    result.session?.lifetimes ??
    (party && party.type !== 'oauth2'
      ? {
          session_lifetime: party.session_lifetime,
          session_absolute_lifetime: party.session_absolute_lifetime,
          persistent_session_absolute_lifetime: party.persistent_session_absolute_lifetime,
          persistent_session_lifetime_unlimited: party.persistent_session_lifetime_unlimited,
        }
      : noSession);
  return {
    track: frame.track,
    up_party: result.up_party,
    up_party_type: result.up_party_type,
    sub: result.sub,
    ...(result.user && { user: result.user }),
    claims: result.claims,
    auth_time: result.auth_time,
    amr: [...result.amr],
    ...(result.acr !== undefined && { acr: result.acr }),
    lifetimes,
    single_logout: party && party.type !== 'oauth2' ? party.single_logout : true,
    reached: {
      party: frame.down.party,
      // Like a link, the account page has nobody behind it who must hear of the session's end.
      type: frame.down.type === 'account' || frame.down.type === 'initiated' ? 'track_link' : frame.down.type,
      issuer: frame.down.issuer,
      sub: result.sub,
      ...(nameId && { name_id: nameId }),
    },
    ...(result.upstream && { upstream: result.upstream }),
  };
};

const noSession = {
  session_lifetime: 0,
  session_absolute_lifetime: 0,
  persistent_session_absolute_lifetime: 0,
  persistent_session_lifetime_unlimited: false,
};

/**
 * The session that the application's answer stands on: the one that answered by single sign-on, or a new one. One
 * question starts the sessions of all tracks of a chain of links; the browser gets another cookie with it.
 */
export const openSession = async (
  bus: Bus,
  journey: Journey,
  frame: Frame,
  signedIn: { result: SignedIn; nameId?: ReachedParty['name_id'] },
): Promise<Outcome<Session, 'unavailable' | 'too_many_sessions'>> => {
  const { result, nameId } = signedIn;
  if (result.session) return ok(result.session);
  const chain = [sessionPart(journey, frame, result, nameId), ...result.beneath];
  const { old, next } = journey.browser.renew();
  const started = await bus.ask(
    startSession,
    { tenant: journey.sequence.tenant, ...(old !== undefined && { browser_id: old }), next_browser_id: next, chain },
    journey.request.messageContext,
  );
  if (!started.ok) return fail(started.error.refusal);
  const { browser_until } = started.value;
  journey.browser.keepFor(browser_until === undefined ? undefined : browser_until - journey.now());
  const [session] = started.value.sessions;
  if (!session) throw new Error('a sign-in started no session');
  // The answer may have to be tried again when the next service is away: the session is there then.
  frame.result = { ...result, session };
  return ok(session);
};
