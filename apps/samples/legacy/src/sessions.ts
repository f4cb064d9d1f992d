import { randomBytes } from 'node:crypto';
import type { SignedIn } from './provider.js';

/** Sessions of this application's own, by its cookie. In memory: a sample. */
export class Sessions {
  private readonly sessions = new Map<string, SignedIn>();

  of(cookie: string | undefined): SignedIn | undefined {
    return this.sessions.get(idIn(cookie));
  }

  /** @returns the cookie to set; always a new one, so that nobody can have known it before */
  begin(signedIn: SignedIn): string {
    const id = randomBytes(18).toString('base64url');
    this.sessions.set(id, signedIn);
    return `legacy=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  end(cookie: string | undefined): void {
    this.sessions.delete(idIn(cookie));
  }

  /** A user signed out elsewhere: whoever has this NameID, and this session when one is named. SAML core 3.7.1. */
  endOf(nameId: string, sessionIndex: string | undefined): void {
    for (const [id, { profile }] of this.sessions)
      if (profile.nameID === nameId && (sessionIndex === undefined || profile.sessionIndex === sessionIndex))
        this.sessions.delete(id);
  }
}

const idIn = (cookie: string | undefined): string => /(?:^|;\s*)legacy=([\w-]{24})/.exec(cookie ?? '')?.[1] ?? '';
