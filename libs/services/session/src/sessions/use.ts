import type { ReachedParty, Session } from '@corsac/contracts';
import { sessionState } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { FoundInBrowser, SessionStore, StoredSession } from './session-store.js';
import { forContract, withReached } from './start.js';

export interface UseRequest {
  readonly tenant: string;
  readonly track: string;
  readonly browser_id: string;
  readonly up_parties: readonly string[];
  readonly reached?: Omit<ReachedParty, 'sub'>;
  readonly max_age?: number;
  readonly sub?: string;
  readonly mfa?: boolean;
}

type NoSession = { refusal: 'no_session'; detail: string };

/** Why a session will not do for this request, or nothing. Time counts from authentication (OIDC Core 3.1.2.1 `max_age`). */
export const unfit = (session: StoredSession, request: UseRequest, now: number): string | undefined => {
  if (sessionState(session, session.lifetimes, now) !== 'valid') return 'expired';
  if (request.max_age !== undefined && now - session.auth_time > request.max_age) return 'older than max_age';
  if (request.sub !== undefined && session.sub !== request.sub) return 'another user';
  if (request.mfa && !session.amr.includes('mfa')) return 'no second factor';
  return undefined;
};

/** A touch within this many seconds of the last one is not written: it would cost a write and change nothing that matters. */
const touchGranularity = (session: StoredSession): number =>
  Math.min(60, Math.floor(session.lifetimes.session_lifetime / 100));

/** What leads to a session is kept for two hours longer than it; so it is enough to see to that once an hour. */
const isAnotherHour = ({ created, last_used }: StoredSession, touched: StoredSession): boolean =>
  Math.floor((last_used - created) / 3600) !== Math.floor((touched.last_used - created) / 3600);

/** A SAML application was told another name of the user than before, which its logout has to repeat. */
const isRenamed = (known: ReachedParty | undefined, { name_id }: Omit<ReachedParty, 'sub'>): boolean =>
  name_id !== undefined && (known?.name_id?.value !== name_id.value || known.name_id.format !== name_id.format);

/** Finds, checks, slides and records in one compare-and-set. */
export class UseSession {
  constructor(
    private readonly store: SessionStore,
    private readonly now: () => number,
  ) {}

  async use(request: UseRequest): Promise<Outcome<{ session: Session; browser_until?: number }, NoSession>> {
    const place = { tenant: request.tenant, track: request.track, browserId: request.browser_id };
    for (;;) {
      const found = await this.store.ofBrowserAndUpParty(place, request.up_parties);
      if (!found) return fail({ refusal: 'no_session', detail: 'none in this browser' });
      const why = unfit(found.session, request, this.now());
      if (why) return fail({ refusal: 'no_session', detail: why });
      const touched = this.touched(found.session, request.reached);
      // Somebody changed it meanwhile, another tab or a logout: look again.
      if (touched !== found.session && !(await this.store.replace(touched, found.version))) continue;
      if (isAnotherHour(found.session, touched)) await this.store.extend(touched, request.browser_id);
      return ok({ session: forContract(touched), ...(await this.kept(found, touched)) });
    }
  }

  private async kept(found: FoundInBrowser, session: StoredSession): Promise<{ browser_until?: number }> {
    const browser_until = await this.store.persistentUntil(found, session);
    return browser_until === undefined ? {} : { browser_until };
  }

  private touched(session: StoredSession, reached: UseRequest['reached']): StoredSession {
    const known =
      reached && session.parties.find((party) => party.party === reached.party && party.type === reached.type);
    const isNew = reached !== undefined && (known?.issuer !== reached.issuer || isRenamed(known, reached));
    const now = this.now();
    if (!isNew && now - session.last_used <= touchGranularity(session)) return session;
    const parties = reached && isNew ? withReached(session.parties, { ...reached, sub: session.sub }) : session.parties;
    return { ...session, last_used: now, parties };
  }
}
