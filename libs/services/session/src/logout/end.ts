import {
  sessionEndedNotice,
  type Bus,
  type FrontChannelCall,
  type LogoutCause,
  type MessageContext,
  type UpstreamSession,
} from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import { randomName } from '@corsac/random';
import { browserAtHand, frontChannelCalls, receiptsOf, type NewReceipt } from './receipts.js';
import { sessionsReached } from './reach.js';
import type { LogoutStore } from './logout-store.js';
import { forContract } from '../sessions/start.js';
import type { SessionStore, StoredSession } from '../sessions/session-store.js';

export interface EndRequest {
  readonly tenant: string;
  readonly track: string;
  readonly by:
    | { kind: 'sid'; sid: string }
    | { kind: 'browser'; browser_id: string }
    | { kind: 'sub'; sub: string; up_party?: string; user?: { user_id: string; before_epoch?: number } };
  readonly cause: LogoutCause;
  readonly initiator?: { track: string; party: string };
  readonly initiating_up_party?: { track: string; up_party: string };
}

export interface UpstreamLogout {
  readonly track: string;
  readonly up_party: string;
  readonly up_party_type: 'oidc' | 'saml2';
  readonly upstream: UpstreamSession;
}

export interface EndAnswer {
  readonly job_id?: string;
  readonly ended: { track: string; sid: string; sub: string }[];
  readonly front_channel: FrontChannelCall[];
  readonly upstream: UpstreamLogout[];
}

interface Parts {
  readonly sessions: SessionStore;
  readonly logouts: LogoutStore;
  readonly config: ConfigCache;
  readonly bus: Bus;
  readonly now: () => number;
}

/**
 * Ends sessions: marks them, writes the job with everything that follows from it in one transaction, and only then
 * removes them. Whoever dies in between is followed by the sweep, which finds the mark and does the rest; writing the
 * job again adds nothing.
 */
export class EndSession {
  constructor(private readonly parts: Parts) {}

  async end(request: EndRequest, context?: MessageContext): Promise<EndAnswer> {
    const seeds = await this.seeds(request);
    const reached: StoredSession[] = [];
    for (const seed of seeds) {
      if (reached.some((session) => session.track === seed.track && session.sid === seed.sid)) continue;
      const siblings = (await this.parts.sessions.siblings(seed)).map(({ session }) => session);
      const ofThisBrowser = seeds.filter(({ browser }) => browser === seed.browser);
      const others = siblings.filter((session) => !isLater(session, request.by));
      reached.push(...sessionsReached(ofThisBrowser, others, request.cause));
    }
    return this.endThese(reached, { ...request, ...(context && { context }) });
  }

  /** Ends one session that somebody else's sign-in or its own deadline brought to its end, or whose end was begun and left. */
  async endOne(session: StoredSession, cause: LogoutCause, context?: MessageContext): Promise<void> {
    const siblings = (await this.parts.sessions.siblings(session)).map((entry) => entry.session);
    await this.endThese(sessionsReached([session], siblings, cause), {
      tenant: session.tenant,
      track: session.track,
      cause,
      ...(context && { context }),
    });
  }

  private async seeds({ tenant, track, by }: EndRequest): Promise<StoredSession[]> {
    const store = this.parts.sessions;
    if (by.kind === 'sid') {
      const found = await store.read({ tenant, track, sid: by.sid });
      return found ? [found.session] : [];
    }
    if (by.kind === 'sub' && by.user) {
      const ofUser = (await store.ofUser(tenant, track, by.user.user_id)).map(({ session }) => session);
      return ofUser.filter((session) => !isLater(session, by));
    }
    const found =
      by.kind === 'browser'
        ? ((await store.browser(tenant, by.browser_id))?.sessions ?? [])
        : await store.ofSubject(tenant, track, by.sub);
    const sessions = found.map(({ session }) => session).filter((session) => session.track === track);
    return by.kind === 'sub' && by.up_party !== undefined
      ? sessions.filter(({ up_party }) => up_party === by.up_party)
      : sessions;
  }

  private async endThese(
    reached: readonly StoredSession[],
    request: Pick<EndRequest, 'tenant' | 'track' | 'cause' | 'initiator' | 'initiating_up_party'> & {
      readonly by?: EndRequest['by'];
      readonly context?: MessageContext;
    },
  ): Promise<EndAnswer> {
    // Signed in anew since it was found, a session lives on.
    const isMeant = (session: StoredSession): boolean => !isLater(session, request.by);
    const marked = await Promise.all(
      reached.map((session) => this.parts.sessions.beginEnd(session, request.cause, isMeant)),
    );
    const sessions = marked.filter((session) => session !== undefined);
    if (sessions.length === 0) return { ended: [], front_channel: [], upstream: [] };
    const receipts = (await Promise.all(sessions.map((session) => this.receipts(session, request)))).flat();
    const job_id = randomName(18);
    const created = this.parts.now();
    const { tenant, track, cause } = request;
    await this.parts.logouts.write({
      job_id,
      tenant,
      track,
      cause,
      created,
      sessions: sessions.map(forContract),
      receipts,
      ...(request.context && { context: request.context }),
    });
    const ended = sessions.map(({ track, sid, sub, up_party }) => ({
      tenant,
      track,
      sid,
      sub,
      up_party,
      cause,
      ended_at: created,
    }));
    await this.parts.bus.publish(sessionEndedNotice, { ended }, request.context);
    await Promise.all(sessions.map((session) => this.parts.sessions.remove(session)));
    return {
      job_id,
      ended: sessions.map(({ track, sid, sub }) => ({ track, sid, sub })),
      front_channel: frontChannelCalls(receipts),
      upstream: upstreamLogouts(sessions, request.initiating_up_party),
    };
  }

  private async receipts(
    session: StoredSession,
    request: Pick<EndRequest, 'cause' | 'initiator'>,
  ): Promise<NewReceipt[]> {
    const view = await this.parts.config.track(session.tenant, session.track);
    // Nobody may go untold because their address could not be read just now: the mark stays, the sweep tries again.
    if (!view.ok && view.error === 'unavailable') throw new Error('configuration is not available, the logout waits');
    return session.parties.flatMap((reached) => {
      // A SAML application that asked gets its LogoutResponse; it is not asked in turn.
      const asked =
        request.initiator?.track === session.track &&
        request.initiator.party === reached.party &&
        reached.type === 'saml2';
      if (asked) return [];
      return receiptsOf(
        session,
        reached,
        view.ok ? view.value.downParty(reached.party) : undefined,
        browserAtHand(request.cause),
      );
    });
  }
}

/** Begun after what ends the user's sessions: those are not meant, nor do they end beside another one. */
const isLater = ({ user }: StoredSession, by: EndRequest['by'] | undefined): boolean => {
  const ended = by?.kind === 'sub' ? by.user : undefined;
  return ended?.before_epoch !== undefined && user?.user_id === ended.user_id && user.epoch >= ended.before_epoch;
};

const upstreamLogouts = (
  sessions: readonly StoredSession[],
  initiating: EndRequest['initiating_up_party'],
): UpstreamLogout[] =>
  sessions.flatMap(({ track, up_party, up_party_type, upstream }) => {
    const asked = initiating?.track === track && initiating.up_party === up_party;
    if (!upstream || asked || (up_party_type !== 'oidc' && up_party_type !== 'saml2')) return [];
    return [{ track, up_party, up_party_type, upstream }];
  });
