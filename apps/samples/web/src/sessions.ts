import { randomBytes } from 'node:crypto';
import type { SignedIn, SignInBegun } from './provider.js';

export interface BrowserSession {
  begun?: SignInBegun;
  signedIn?: SignedIn;
}

/** Sessions of this application's own, by its cookie. In memory: a sample. */
export class Sessions {
  private readonly sessions = new Map<string, BrowserSession>();
  /** What this application was told of logouts, for people to see. */
  readonly notices: string[] = [];

  /** The browser's session; a new one with the cookie to set when there is none. */
  of(cookie: string | undefined): { session: BrowserSession; setCookie?: string } {
    const id = /(?:^|;\s*)shop=([A-Za-z0-9_-]{22})/.exec(cookie ?? '')?.[1];
    const known = id === undefined ? undefined : this.sessions.get(id);
    if (known) return { session: known };
    const fresh = randomBytes(16).toString('base64url').slice(0, 22);
    const session: BrowserSession = {};
    this.sessions.set(fresh, session);
    return { session, setCookie: `shop=${fresh}; Path=/; HttpOnly; SameSite=Lax` };
  }

  /** Forgets whoever is signed in with this `sid`. @returns how many */
  end(sid: string, how: string): number {
    const ended = [...this.sessions.values()].filter(({ signedIn }) => signedIn?.claims['sid'] === sid);
    for (const session of ended) delete session.signedIn;
    this.notices.unshift(`${new Date().toISOString()} ${how}: session ${sid.slice(0, 8)}…, ${ended.length} here`);
    this.notices.splice(20);
    return ended.length;
  }
}
