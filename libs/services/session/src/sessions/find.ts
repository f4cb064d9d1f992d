import type { Session } from '@corsac/contracts';
import { sessionState } from '@corsac/model';
import type { SessionStore, Versioned } from './session-store.js';
import { forContract } from './start.js';

export interface FindRequest {
  readonly tenant: string;
  readonly track: string;
  readonly by:
    | { kind: 'sid'; sid: string }
    | { kind: 'browser'; browser_id: string }
    | { kind: 'sub'; sub: string }
    | { kind: 'upstream'; up_party: string; issuer: string; sid?: string; sub?: string };
}

/** Looks sessions up without touching them; ended and expired ones are not there. */
export class FindSessions {
  constructor(
    private readonly store: SessionStore,
    private readonly now: () => number,
  ) {}

  async find(request: FindRequest): Promise<Session[]> {
    const found = await this.candidates(request);
    return found
      .map(({ session }) => session)
      .filter((session) => session.track === request.track && !session.ending)
      .filter((session) => sessionState(session, session.lifetimes, this.now()) === 'valid')
      .map(forContract);
  }

  private async candidates({ tenant, track, by }: FindRequest): Promise<readonly Versioned[]> {
    switch (by.kind) {
      case 'sid': {
        const found = await this.store.read({ tenant, track, sid: by.sid });
        return found ? [found] : [];
      }
      case 'browser':
        return (await this.store.browser(tenant, by.browser_id))?.sessions ?? [];
      case 'sub':
        return this.store.ofSubject(tenant, track, by.sub);
      case 'upstream':
        return this.store.ofUpstream({ tenant, track, up_party: by.up_party }, by);
    }
  }
}
