import type { KeyObject } from 'node:crypto';
import type { MasterKeys } from '@corsac/data';
import {
  clientDefaults,
  invalidRefreshToken,
  isPublicClient,
  judgeRefresh,
  readRefreshToken,
  refreshExpiry,
  refreshTokenOf,
  type OAuthError,
  type RefreshTokenParts,
} from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';
import type { Endings } from '../ended/endings.js';
import type { AddressedParty } from '../party/addressed-party.js';
import type { GrantStore, RefreshGrant, SignInGrant } from './grant-store.js';

/** Who asks, with which key, when. */
export interface RefreshContext {
  readonly party: AddressedParty;
  readonly dpop_jkt?: string;
  /** Unix seconds. */
  readonly now: number;
}

/** A grant that may go on, and the token for the next time. */
export interface Continued {
  readonly grant: RefreshGrant;
  readonly refresh_token: string;
}

const purpose = 'refresh-token';

/** Families of refresh tokens: begun by a sign-in, carried on by rotation, ended by any doubt. RFC 6749 6, RFC 9700 4.14. */
export class RefreshGrants {
  private readonly key: KeyObject;
  private readonly accepted: readonly KeyObject[];

  constructor(
    private readonly store: GrantStore,
    private readonly endings: Pick<Endings, 'endGrant'>,
    { current, all }: MasterKeys,
  ) {
    this.key = current.fingerprintKey(purpose);
    this.accepted = all.map((key) => key.fingerprintKey(purpose));
  }

  /** Reads a token by itself: whether we made it, and for which grant. Costs no store trip. */
  read(token: string): RefreshTokenParts | undefined {
    return readRefreshToken(token, this.accepted);
  }

  find({ name }: AddressedParty, grant_id: string): Promise<RefreshGrant | undefined> {
    return this.store.find(name, grant_id);
  }

  /**
   * Begins a family.
   * @returns its first token. When a second use of its code has ended the grant at the same moment, the family begins ended: the first use is
   *   answered, and nothing that it got is good for anything (RFC 6749 4.1.2)
   */
  async begin(granted: SignInGrant, { party, dpop_jkt, now }: RefreshContext): Promise<string> {
    const { client, name } = party;
    const absolute = absoluteLifetime(party);
    const { grant_id, sub, sid } = granted;
    await this.store.begin({
      ...name,
      grant_id,
      client_id: client.name,
      sub,
      sid,
      created: now,
      expires: refreshExpiry(client, now, now),
      ...(absolute !== undefined && { absolute_end: now + absolute }),
      tokens_until: now + client.access_token_lifetime,
      ...(dpop_jkt !== undefined && isPublicClient(client) && { dpop_jkt }),
      granted,
    });
    return this.tokenOf(grant_id, 0);
  }

  /**
   * Uses a token: in the good case one statement, which only one of any number of parallel uses gets through. The rest is told
   * apart afterwards: a repetition within the grace gets the same successor, any other second use ends the family.
   */
  async use(parts: RefreshTokenParts, context: RefreshContext): Promise<Outcome<Continued, OAuthError>> {
    const { party, dpop_jkt, now } = context;
    const { client } = party;
    const grant = await this.store.rotate({
      ...party.name,
      ...parts,
      client_id: client.name,
      dpop_jkt,
      now,
      sliding_end: now + lifetimeOf(party),
      absolute_lifetime: absoluteLifetime(party),
      tokens_until: now + client.access_token_lifetime,
    });
    return grant
      ? ok({ grant, refresh_token: this.tokenOf(grant.grant_id, grant.generation) })
      : this.explain(parts, context);
  }

  private async explain(
    { grant_id, generation }: RefreshTokenParts,
    { party, dpop_jkt, now }: RefreshContext,
  ): Promise<Outcome<Continued, OAuthError>> {
    const { client, name } = party;
    const grant = await this.store.find(name, grant_id);
    if (!grant || grant.ended) return invalidRefreshToken(grant ? 'its grant has ended' : 'its grant is not there');
    const state = { ...grant, first_issued_at: grant.created, expires_at: grant.expires };
    const grace = (client.type === 'oidc' && client.refresh_grace) || 0;
    const verdict = judgeRefresh(state, generation, { client_id: client.name, dpop_jkt, now, grace });
    if (!verdict.ok) return verdict;
    if (verdict.value === 'repeat') return ok({ grant, refresh_token: this.tokenOf(grant_id, grant.generation) });
    await this.endings.endGrant(name, grant_id, now + client.access_token_lifetime);
    return invalidRefreshToken('used a second time; its family is ended');
  }

  private tokenOf(grant_id: string, generation: number): string {
    return refreshTokenOf({ grant_id, generation }, this.key);
  }
}

const lifetimeOf = ({ client }: AddressedParty): number =>
  client.type === 'oidc' ? client.refresh_token_lifetime : clientDefaults.refresh_token_lifetime;

const absoluteLifetime = ({ client }: AddressedParty): number | undefined => {
  if (client.type !== 'oidc') return clientDefaults.refresh_token_absolute_lifetime;
  return client.refresh_token_lifetime_unlimited ? undefined : client.refresh_token_absolute_lifetime;
};
