import { endSession, findSessions, type Bus, type FrontChannelCall, type MessageContext } from '@corsac/contracts';
import type { TrackView } from '@corsac/config-cache';
import { fail, ok, type Outcome } from '@corsac/outcome';

/** What the provider calls the session that is over there; without `sid` every session of the subject is meant. */
export interface EndedAbove {
  readonly issuer: string;
  readonly sid?: string;
  readonly sub?: string;
}

/** One logout that was begun for it. */
export interface BegunLogout {
  readonly job_id?: string | undefined;
  readonly front_channel: readonly FrontChannelCall[];
  /** Of this track and of linked ones. */
  readonly ended: readonly { readonly track: string }[];
}

/**
 * Ends the sessions that stand on one of the provider's: found by up-party, issuer and what the provider calls it, never by
 * a cookie. Applications are told from the jobs; the provider itself is not asked again.
 */
export const endSessionsAbove = async (
  bus: Bus,
  { view, party }: { readonly view: TrackView; readonly party: { readonly name: string } },
  ended: EndedAbove,
  context: MessageContext,
): Promise<Outcome<readonly BegunLogout[], 'unavailable'>> => {
  const at = { tenant: view.tenant, track: view.track };
  const { issuer, sid, sub } = ended;
  const by = { kind: 'upstream' as const, up_party: party.name, issuer, ...(sid === undefined ? { sub } : { sid }) };
  const found = await bus.ask(findSessions, { ...at, by }, context);
  if (!found.ok) return fail('unavailable');
  // A token that names both means one session of one user. Back-Channel Logout 1.0 2.6.
  const meant = found.value.sessions.filter(({ upstream }) => sub === undefined || upstream?.sub === sub);
  const begun: BegunLogout[] = [];
  for (const session of meant) {
    const answer = await bus.ask(
      endSession,
      {
        ...at,
        by: { kind: 'sid', sid: session.sid },
        cause: 'upstream',
        initiating_up_party: { track: view.track, up_party: party.name },
      },
      context,
    );
    if (!answer.ok) return fail('unavailable');
    const { job_id, front_channel, ended } = answer.value;
    begun.push({ job_id, front_channel, ended });
  }
  return ok(begun);
};
