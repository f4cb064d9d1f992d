import type { MessageContext, Session, SessionToStart } from '@corsac/contracts';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { randomName } from '@corsac/random';
import { sessionsPerBrowser, type SessionStore, type StoredSession, type Versioned } from './session-store.js';

export interface StartRequest {
  readonly tenant: string;
  readonly browser_id?: string;
  readonly next_browser_id: string;
  readonly chain: readonly SessionToStart[];
}

/** Ends a session that somebody else's sign-in takes the place of. */
export type EndReplaced = (session: StoredSession, context?: MessageContext) => Promise<void>;

interface Plan {
  readonly browser: string;
  /** Sessions of the chain, application's track first; `version` where one lives on. */
  readonly parts: { session: StoredSession; version: string | undefined }[];
  readonly replaced: StoredSession[];
  readonly others: StoredSession[];
}

const newId = (): string => randomName(18);

/** Adds a party to those that a session has reached; a party reached again keeps its place, its issuer is the latest. */
export const withReached = (parties: Session['parties'], reached: Session['parties'][number]): Session['parties'] => [
  ...parties.filter((party) => party.party !== reached.party || party.type !== reached.type),
  reached,
];

/**
 * Starts or renews the sessions of a sign-in, one per track of the chain, and moves the browser to its new identifier.
 * The same user by the same up-party keeps the `sid`: applications that know it go on being told.
 */
export class StartSession {
  constructor(
    private readonly store: SessionStore,
    private readonly now: () => number,
    private readonly endReplaced: EndReplaced,
  ) {}

  async start(
    request: StartRequest,
    context?: MessageContext,
  ): Promise<Outcome<{ sessions: Session[]; browser_until?: number }, { refusal: 'too_many_sessions' }>> {
    for (;;) {
      const known =
        request.browser_id === undefined ? undefined : await this.store.browser(request.tenant, request.browser_id);
      const plan = this.plan(request, known?.browser ?? newId(), known?.sessions ?? []);
      if (plan.others.length + plan.parts.length > sessionsPerBrowser) return fail({ refusal: 'too_many_sessions' });
      // A renewed session that changed meanwhile (a logout began, another tab used it) is planned again from how it stands.
      if (!(await this.renew(plan.parts))) continue;
      const sessions = plan.parts.map(({ session }) => session);
      await Promise.all([
        ...plan.parts.map(({ session, version }) =>
          version === undefined ? this.store.put(session) : this.store.index(session),
        ),
        this.store.putBrowser(request.tenant, plan.browser, request.next_browser_id, [...plan.others, ...sessions]),
      ]);
      for (const session of plan.replaced) await this.endReplaced(session, context);
      if (known) await this.forgetOld(request);
      const browser_until = this.store.latestOf([...plan.others, ...sessions]);
      return ok({ sessions: sessions.map(forContract), ...(browser_until !== undefined && { browser_until }) });
    }
  }

  /**
   * Whoever knows the value of before has nothing of the new session (session fixation). Last of all: until the answer goes out
   * the browser has no other cookie, and a sign-in that fails on the way leaves it as it was.
   */
  private async forgetOld({ tenant, browser_id, next_browser_id }: StartRequest): Promise<void> {
    if (browser_id !== undefined && browser_id !== next_browser_id) await this.store.forgetCookie(tenant, browser_id);
  }

  private plan(request: StartRequest, browser: string, known: readonly Versioned[]): Plan {
    const alive = known.filter(({ session }) => !session.ending);
    const inPlace = (part: SessionToStart): Versioned | undefined =>
      alive.find(({ session }) => session.track === part.track && session.up_party === part.up_party);
    const plan: Plan = { browser, parts: [], replaced: [], others: [] };
    // From the far end of the chain: each session stands on the one made before it.
    for (const part of [...request.chain].reverse()) {
      const old = inPlace(part);
      const renewed = old?.session.sub === part.sub ? old : undefined;
      if (old && !renewed) plan.replaced.push(old.session);
      const session = this.make(request.tenant, part, {
        browser,
        renewed: renewed?.session,
        below: plan.parts[0]?.session,
      });
      plan.parts.unshift({ session, version: renewed?.version });
    }
    plan.others.push(
      ...alive
        .map(({ session }) => session)
        .filter((session) => !request.chain.some((part) => inPlace(part)?.session === session)),
    );
    return plan;
  }

  private async renew(parts: Plan['parts']): Promise<boolean> {
    for (const { session, version } of parts)
      if (version !== undefined && !(await this.store.replace(session, version))) return false;
    return true;
  }

  private make(
    tenant: string,
    part: SessionToStart,
    place: { browser: string; renewed: StoredSession | undefined; below: StoredSession | undefined },
  ): StoredSession {
    const { reached, ...rest } = part;
    const now = this.now();
    const sid = place.renewed?.sid ?? newId();
    return {
      ...rest,
      tenant,
      sid,
      claims: { ...part.claims, sid },
      browser: place.browser,
      // Answered by a session that stood already, as in a linked track: its age goes on counting.
      created: place.renewed?.auth_time === part.auth_time ? place.renewed.created : now,
      last_used: now,
      parties: withReached(place.renewed?.parties ?? [], reached),
      ...(place.below && { linked: { track: place.below.track, sid: place.below.sid } }),
    };
  }
}

/** A session as others may see it: without whose browser it is. */
export const forContract = ({ browser: _browser, ending: _ending, ...session }: StoredSession): Session => session;
