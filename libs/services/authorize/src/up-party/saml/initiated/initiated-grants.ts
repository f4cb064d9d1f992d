import type { ItemStore } from '@corsac/data';
import type { Journey } from '../../../sequence/journey.js';
import type { Frame, SignedIn } from '../../../sequence/sequence.js';

const keyOf = ({ sequence }: Journey, { track, down }: Frame): string =>
  `idp-initiated/${sequence.tenant}/${track}/${down.party}/${sequence.binding}`;

/**
 * Sign-ins that an identity provider began for an OpenID Connect application: kept for a moment, for one application in one
 * browser, until that application asks for a sign-in of its own. No session exists before it does.
 */
export class InitiatedGrants {
  constructor(
    private readonly items: Pick<ItemStore, 'put' | 'get' | 'take'>,
    private readonly now: () => number,
  ) {}

  /** @param lifetime seconds */
  async keep(journey: Journey, frame: Frame, result: SignedIn, lifetime: number): Promise<void> {
    await this.items.put(keyOf(journey, frame), result, lifetime);
  }

  /** Who was signed in for this request, once; it answers as a session would, and goes before one. */
  async take(journey: Journey, frame: Frame): Promise<SignedIn | undefined> {
    if (!this.mayBeThere(journey, frame)) return undefined;
    const key = keyOf(journey, frame);
    const found = await this.items.get<SignedIn>(key);
    if (!found || !this.fits(found.value, frame)) return undefined;
    const taken = await this.items.take<SignedIn>(key);
    return taken.state === 'taken' ? taken.value : undefined;
  }

  /** Nothing is looked up where no identity provider of the request may begin a sign-in. */
  private mayBeThere(journey: Journey, frame: Frame): boolean {
    if (frame.down.type !== 'oidc') return false;
    const view = journey.view(frame);
    return frame.login.up_parties.some((name) => {
      const party = view.upParty(name);
      return party?.type === 'saml2' && party.enable_idp_initiated;
    });
  }

  private fits({ up_party, sub, amr, auth_time }: SignedIn, { login }: Frame): boolean {
    const isFresh = login.max_age === undefined || auth_time + login.max_age >= this.now();
    const isMeant = login.sub === undefined || login.sub === sub;
    return login.up_parties.includes(up_party) && isFresh && isMeant && (!login.mfa || amr.includes('mfa'));
  }
}
