import { tokensRevokedNotice, type Bus } from '@corsac/contracts';
import type { TrackName } from '../keys/key-store.js';
import type { GrantFilter, GrantStore } from '../refresh-grants/grant-store.js';
import type { EndedMemory, EndedThing } from './ended-memory.js';
import type { EndedStore } from './ended-store.js';
import { longestToken_s } from './read-ended-sessions.js';

export interface EndingsParts {
  readonly grants: Pick<GrantStore, 'end' | 'endAll' | 'endSessions'>;
  readonly ended: Pick<EndedStore, 'revoke'>;
  readonly memory: EndedMemory;
  readonly bus: Pick<Bus, 'publish'>;
}

type RevokedThing = EndedThing & { readonly kind: 'grant' | 'jti' };

/** Most entries of one notice. */
const noticeSize = 500;

/**
 * Ends grants and tokens: first in the table, which every replica reads on its beat, then in this memory, then by a notice to
 * the others. An answer that says "ended" is given only after the first.
 */
export class Endings {
  constructor(private readonly parts: EndingsParts) {}

  /** Ends one grant with all its tokens, also when nothing of it is there yet. @throws StoreUnavailable */
  async endGrant(name: TrackName, grant_id: string, tokens_until: number): Promise<void> {
    await this.tell([await this.parts.grants.end(name, grant_id, tokens_until)]);
  }

  /** Ends the refresh grants of a track that fit, with their tokens. @returns how many; @throws StoreUnavailable */
  async endGrants(name: TrackName, filter: GrantFilter): Promise<number> {
    const ended = await this.parts.grants.endAll(name, filter);
    await this.tell(ended);
    return ended.length;
  }

  /**
   * Ends once more what the sessions that ended lately have granted: a code that was redeemed at the very moment of the logout may
   * have begun its grant just after the others were ended. @throws StoreUnavailable
   */
  async endStragglers(since: number): Promise<number> {
    const sessions = this.parts.memory.takeFreshSessions().filter(({ until }) => until - longestToken_s >= since);
    if (sessions.length === 0) return 0;
    const ended = await this.parts.grants.endSessions(sessions.map(({ id, ...name }) => ({ ...name, sid: id })));
    await this.tell(ended);
    return ended.length;
  }

  /** Revokes one access token. @throws StoreUnavailable */
  async revokeToken({ tenant, track }: TrackName, jti: string, until: number): Promise<void> {
    const thing = { tenant, track, kind: 'jti', id: jti, until } as const;
    await this.parts.ended.revoke(thing);
    await this.tell([thing]);
  }

  private async tell(things: readonly RevokedThing[]): Promise<void> {
    for (const thing of things) this.parts.memory.remember(thing);
    for (let at = 0; at < things.length; at += noticeSize) {
      await this.parts.bus.publish(tokensRevokedNotice, { revoked: things.slice(at, at + noticeSize) });
    }
  }
}
