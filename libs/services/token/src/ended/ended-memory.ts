/** What can end before its time. A token falls with its session, with its grant, or alone. */
export type EndedKind = 'sid' | 'grant' | 'jti';

export interface EndedThing {
  readonly tenant: string;
  readonly track: string;
  readonly kind: EndedKind;
  readonly id: string;
  /** Unix seconds after which no token of it can be alive. */
  readonly until: number;
}

/** What of a token is looked up. */
export interface TokenTraces {
  readonly sid?: string;
  readonly grant_id?: string;
  readonly jti?: string;
}

const keyOf = (tenant: string, track: string, kind: EndedKind, id: string): string =>
  `${tenant}/${track}/${kind}/${id}`;

/**
 * What has ended, kept until the last token that it could have left has ended by itself. Bounded by that: one short text per
 * logout and revocation of about a day.
 */
export class EndedMemory {
  private readonly untils = new Map<string, number>();
  private fresh: EndedThing[] = [];

  get size(): number {
    return this.untils.size;
  }

  remember(thing: EndedThing): void {
    const { tenant, track, kind, id, until } = thing;
    const key = keyOf(tenant, track, kind, id);
    const known = this.untils.get(key);
    if (known === undefined && kind === 'sid') this.fresh.push(thing);
    if (known === undefined || known < until) this.untils.set(key, until);
  }

  /** Whether any of these has ended. Three look-ups, no allocation to speak of: this stands on every hot path. */
  has(tenant: string, track: string, { sid, grant_id, jti }: TokenTraces): boolean {
    if (this.untils.size === 0) return false;
    if (sid !== undefined && this.untils.has(keyOf(tenant, track, 'sid', sid))) return true;
    if (grant_id !== undefined && this.untils.has(keyOf(tenant, track, 'grant', grant_id))) return true;
    return jti !== undefined && this.untils.has(keyOf(tenant, track, 'jti', jti));
  }

  /** The sessions that were learnt of since the last call. */
  takeFreshSessions(): EndedThing[] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }

  /** Lets go of what no token can be left of. */
  sweep(now: number): void {
    for (const [key, until] of this.untils) if (until < now) this.untils.delete(key);
  }
}
