import { hash } from 'node:crypto';
import type { LogoutCause, Session } from '@corsac/contracts';
import type { ItemStore } from '@corsac/data';
import { isPersistent, sessionDeadline } from '@corsac/model';

/** A session as it is kept: the contract's record, whose browser it belongs to, and whether its end has begun. */
export interface StoredSession extends Session {
  /** The browser's private name: it stays while the cookie's value changes at each sign-in. */
  readonly browser: string;
  /** Set first when a session ends, so that nothing reaches it while its logout job is being written. */
  readonly ending?: LogoutCause;
}

/** Which session of which track: enough to find it again. */
export interface SessionKey {
  readonly tenant: string;
  readonly track: string;
  readonly sid: string;
}

interface BrowserRecord {
  readonly browser: string;
  /** When it is forgotten; unix seconds. */
  readonly until?: number;
  /** `persistent`: the cookie is kept for it when the browser is closed. */
  readonly sessions: readonly { track: string; up_party: string; sid: string; persistent?: true }[];
}

/** A browser as its cookie shows it: its private name and its sessions of all tracks of the tenant. */
export interface Browser {
  readonly browser: string;
  readonly sessions: readonly Versioned[];
}

export interface Versioned {
  readonly session: StoredSession;
  readonly version: string;
}

/** A session, with those of its browser that outlive the browser's end. */
export interface FoundInBrowser extends Versioned {
  readonly persistent: BrowserRecord['sessions'];
}

/** A browser holds at most this many sessions of a tenant; more is refused, not forgotten. */
export const sessionsPerBrowser = 100;
/** Ended by time, a session stays this long for the sweep to find and tell the applications; seconds. */
const graceSeconds = 7200;
/** How long the sweep leaves a session whose end has begun to the one who began it; seconds. */
const endingLeaseSeconds = 10;
/** A session without any deadline is kept this long after its last use; seconds. */
const unlimitedSeconds = 5 * 365 * 86_400;
const expiryIndex = 'expiry';

const memberOf = ({ tenant, track, sid }: SessionKey): string => `${tenant}/${track}/${sid}`;
const sessionKey = (key: SessionKey): string => `session/${memberOf(key)}`;
const cookieKey = (tenant: string, cookie: string): string => `cookie/${tenant}/${cookie}`;
const browserKey = (tenant: string, browser: string): string => `browser/${tenant}/${browser}`;
const subjectIndex = (tenant: string, track: string, sub: string): string => `sub/${tenant}/${track}/${sub}`;
const userIndex = (tenant: string, track: string, userId: string): string => `user/${tenant}/${track}/${userId}`;
const upstreamIndex = (session: Pick<Session, 'tenant' | 'track' | 'up_party'>, issuer: string, id: string): string =>
  `upstream/${session.tenant}/${session.track}/${session.up_party}/${issuer}/${id}`;

/** The cookie's value never reaches the store: a read of the store gives nobody a browser. */
const cookieOf = (browserId: string): string => hash('sha256', browserId, 'base64url');

const isOfUser = (session: StoredSession, userId: string): boolean =>
  session.user ? session.user.user_id === userId : session.up_party_type === 'login' && session.sub === userId;

/** Sessions in the short-lived store, with the indexes by which they are found. Every read names the track. */
export class SessionStore {
  constructor(
    private readonly items: ItemStore,
    private readonly now: () => number,
  ) {}

  async read(key: SessionKey): Promise<Versioned | undefined> {
    const item = await this.items.get<StoredSession>(sessionKey(key));
    return item && { session: item.value, version: item.version };
  }

  /** The browser that shows this cookie, with its sessions; those that are gone are left out. */
  async browser(tenant: string, browserId: string): Promise<Browser | undefined> {
    return this.browserOfCookie(tenant, cookieOf(browserId));
  }

  /** The sessions beside this one in its browser, itself included. */
  async siblings(session: StoredSession): Promise<readonly Versioned[]> {
    const pointer = await this.items.get<{ cookie: string }>(browserKey(session.tenant, session.browser));
    return (pointer && (await this.browserOfCookie(session.tenant, pointer.value.cookie)))?.sessions ?? [];
  }

  private async browserOfCookie(tenant: string, cookie: string): Promise<Browser | undefined> {
    const record = await this.items.get<BrowserRecord>(cookieKey(tenant, cookie));
    if (!record) return undefined;
    const found = await Promise.all(record.value.sessions.map(({ track, sid }) => this.read({ tenant, track, sid })));
    return { browser: record.value.browser, sessions: found.filter((entry) => entry !== undefined) };
  }

  /** The browser's session of one of the up-parties, in the order given. */
  async ofBrowserAndUpParty(
    place: { tenant: string; track: string; browserId: string },
    upParties: readonly string[],
  ): Promise<FoundInBrowser | undefined> {
    const record = await this.items.get<BrowserRecord>(cookieKey(place.tenant, cookieOf(place.browserId)));
    const all = record?.value.sessions ?? [];
    const inTrack = all.filter((entry) => entry.track === place.track);
    for (const upParty of upParties) {
      const entry = inTrack.find((candidate) => candidate.up_party === upParty);
      const found = entry && (await this.read({ ...place, sid: entry.sid }));
      if (found && !found.session.ending) return { ...found, persistent: all.filter(({ persistent }) => persistent) };
    }
    return undefined;
  }

  /**
   * Until when the browser keeps its cookie, seen from one of its sessions: the latest deadline of those that are persistent,
   * unix seconds; undefined when none is. Those that are not are not read.
   */
  async persistentUntil(found: FoundInBrowser, session: StoredSession): Promise<number | undefined> {
    const others = found.persistent.filter(({ sid }) => sid !== session.sid);
    const read = await Promise.all(others.map(({ track, sid }) => this.read({ tenant: session.tenant, track, sid })));
    const alive = read.flatMap((entry) => (entry && !entry.session.ending ? [entry.session] : []));
    return this.latestOf([session, ...alive]);
  }

  /** The latest deadline of those that are persistent; undefined when none is. */
  latestOf(sessions: readonly StoredSession[]): number | undefined {
    const ends = sessions
      .filter(({ lifetimes }) => isPersistent(lifetimes))
      .map((session) => sessionDeadline(session, session.lifetimes) ?? this.now() + unlimitedSeconds);
    return ends.length > 0 ? Math.max(...ends) : undefined;
  }

  async ofSubject(tenant: string, track: string, sub: string): Promise<Versioned[]> {
    return this.ofIndex({ tenant, track }, [subjectIndex(tenant, track, sub)]);
  }

  /** Those that stand on a record of the track. One from before sessions knew theirs is told by the subject of an own user. */
  async ofUser(tenant: string, track: string, userId: string): Promise<Versioned[]> {
    const indexes = [subjectIndex(tenant, track, userId), userIndex(tenant, track, userId)];
    return (await this.ofIndex({ tenant, track }, indexes)).filter(({ session }) => isOfUser(session, userId));
  }

  /** By what the provider above calls the session, or else its subject. */
  async ofUpstream(
    place: Pick<Session, 'tenant' | 'track' | 'up_party'>,
    upstream: { issuer: string; sid?: string; sub?: string },
  ): Promise<Versioned[]> {
    const id = upstream.sid === undefined ? `sub:${upstream.sub ?? ''}` : `sid:${upstream.sid}`;
    return this.ofIndex(place, [upstreamIndex(place, upstream.issuer, id)]);
  }

  private async ofIndex(place: { tenant: string; track: string }, indexes: string[]): Promise<Versioned[]> {
    const sids = new Set((await Promise.all(indexes.map((index) => this.items.membersOf(index)))).flat());
    const found = await Promise.all(
      [...sids].map((sid) => this.read({ tenant: place.tenant, track: place.track, sid })),
    );
    return found.filter((entry) => entry !== undefined);
  }

  /** Keeps a new session with everything by which it is found. */
  async put(session: StoredSession): Promise<void> {
    await Promise.all([this.items.put(sessionKey(session), session, this.ttlOf(session)), this.index(session)]);
  }

  /** Notes by what a session is found: its subject, the names the provider above gave it, its deadline. */
  async index(session: StoredSession): Promise<void> {
    const ttl = this.ttlOf(session);
    await Promise.all([
      this.items.addToIndex(subjectIndex(session.tenant, session.track, session.sub), session.sid, ttl),
      this.items.schedule(expiryIndex, memberOf(session), this.now() + ttl - graceSeconds),
      ...this.otherIndexesOf(session).map((index) => this.items.addToIndex(index, session.sid, ttl)),
    ]);
  }

  /** Compare-and-set; false when somebody else changed it since. */
  async replace(session: StoredSession, version: string): Promise<boolean> {
    return this.items.replace(sessionKey(session), session, { version, ttl: this.ttlOf(session) });
  }

  /** Gives a browser a new cookie value and its list of sessions, all tracks of the tenant in one record. */
  async putBrowser(
    tenant: string,
    browser: string,
    cookieValue: string,
    sessions: readonly StoredSession[],
  ): Promise<void> {
    const entries = sessions.map(({ track, up_party, sid, lifetimes }) => ({
      track,
      up_party,
      sid,
      ...(isPersistent(lifetimes) && { persistent: true as const }),
    }));
    const ttl = Math.max(1, ...sessions.map((session) => this.ttlOf(session)));
    const until = this.now() + ttl;
    const cookie = cookieOf(cookieValue);
    await Promise.all([
      this.items.put(cookieKey(tenant, cookie), { browser, sessions: entries, until } satisfies BrowserRecord, ttl),
      this.items.put(browserKey(tenant, browser), { cookie, until }, ttl),
    ]);
  }

  /** A cookie value is worth nothing from here on. */
  async forgetCookie(tenant: string, cookieValue: string): Promise<void> {
    await this.items.remove(cookieKey(tenant, cookieOf(cookieValue)));
  }

  /**
   * A session that goes on being used stays found, by its browser's cookie too: what leads to it was kept for as long as the
   * session would have lasted unused. Meant for once in a while, well within the grace of what is kept.
   */
  async extend(session: StoredSession, browserId: string): Promise<void> {
    const keys = [cookieKey(session.tenant, cookieOf(browserId)), browserKey(session.tenant, session.browser)];
    await Promise.all([
      this.index(session),
      ...keys.map((key) => this.extendTo(key, this.now() + this.ttlOf(session))),
    ]);
  }

  /** Another session of the browser may last longer than the one that is used; whoever wrote it meanwhile knew of both. */
  private async extendTo(key: string, until: number): Promise<void> {
    const item = await this.items.get<{ until?: number }>(key);
    if (!item || (item.value.until ?? 0) >= until) return;
    const { value, version } = item;
    await this.items.replace(key, { ...value, until }, { version, ttl: until - this.now() });
  }

  /**
   * Marks the session as ending: from here on nobody can use it or reach another party with it. Gives the session as it
   * stood, or nothing when it is gone or `isMeant` no longer. A mark that stands already is kept, with its cause.
   */
  async beginEnd(
    key: SessionKey,
    cause: LogoutCause,
    isMeant: (session: StoredSession) => boolean,
  ): Promise<StoredSession | undefined> {
    for (;;) {
      const found = await this.read(key);
      if (!found || !isMeant(found.session)) return undefined;
      if (found.session.ending) return found.session;
      const ending = { ...found.session, ending: cause };
      if (!(await this.replace(ending, found.version))) continue;
      // Whoever dies between the mark and the job is followed by the sweep.
      await this.items.schedule(expiryIndex, memberOf(key), this.now() + endingLeaseSeconds);
      return ending;
    }
  }

  /** Removes a session whose job is written. The browser's record forgets it when it is next written. */
  async remove(session: StoredSession): Promise<void> {
    await Promise.all([
      this.items.remove(sessionKey(session)),
      this.items.removeFromIndex(subjectIndex(session.tenant, session.track, session.sub), session.sid),
      this.items.unschedule(expiryIndex, memberOf(session)),
      ...this.otherIndexesOf(session).map((index) => this.items.removeFromIndex(index, session.sid)),
    ]);
  }

  /** Sessions whose deadline may have passed, claimed for half a minute so that two sweepers do not meet. */
  async claimDue(limit: number): Promise<{ key: SessionKey; dueAt: number }[]> {
    const claimed = await this.items.claim(expiryIndex, { now: this.now(), limit, lease_s: 30 });
    return claimed.map(({ member, dueAt }) => {
      const [tenant = '', track = '', sid = ''] = member.split('/');
      return { key: { tenant, track, sid }, dueAt };
    });
  }

  async postpone(key: SessionKey, dueAt: number): Promise<void> {
    await this.items.schedule(expiryIndex, memberOf(key), dueAt);
  }

  async dropDeadline(key: SessionKey, dueAt: number): Promise<void> {
    await this.items.unschedule(expiryIndex, memberOf(key), dueAt);
  }

  private ttlOf(session: StoredSession): number {
    const deadline = sessionDeadline(session, session.lifetimes);
    return Math.max(1, (deadline ?? this.now() + unlimitedSeconds) - this.now()) + graceSeconds;
  }

  /** Besides that of the subject, which finds the session of a user whose id the subject is. */
  private otherIndexesOf(session: StoredSession): string[] {
    const { tenant, track, user, sub } = session;
    const ofUser = user && user.user_id !== sub ? [userIndex(tenant, track, user.user_id)] : [];
    return [...ofUser, ...this.upstreamIndexesOf(session)];
  }

  private upstreamIndexesOf(session: StoredSession): string[] {
    const { upstream } = session;
    if (!upstream) return [];
    const ids = [upstream.sid && `sid:${upstream.sid}`, upstream.sub && `sub:${upstream.sub}`];
    return ids.filter((id): id is string => Boolean(id)).map((id) => upstreamIndex(session, upstream.issuer, id));
  }
}
