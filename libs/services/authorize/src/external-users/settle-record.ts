import {
  externalLinkOf,
  limitFault,
  withRecordClaims,
  type Claims,
  type LinkExternalUser,
  type UpParty,
} from '@corsac/model';
import { completeUserPage } from '../pages/account/complete-user-page.js';
import type { Journey } from '../sequence/journey.js';
import type { PageAction, PageActions } from '../sequence/page-action.js';
import type { Frame, LoginFailed, SignedIn } from '../sequence/sequence.js';
import { goOn, type NextStep } from '../sequence/step.js';
import { formTargets, journeyPlace, journeyScene } from '../sign-in/journey-scene.js';
import type { ExternalUserStore, FoundRecord, SignInOfRecord } from './external-user-store.js';
import { claimsOfNewRecord, faultsOfValues, fieldsOf, prefilledValues, typedValues } from './new-record.js';

/** A sign-in by another provider whose record is looked for. */
interface Waiting {
  readonly journey: Journey;
  readonly frame: Frame;
  readonly result: SignedIn;
  readonly party: UpParty;
  readonly settings: LinkExternalUser;
  /** Undefined: the provider said nothing that names the user. */
  readonly sign_in: SignInOfRecord | undefined;
}

type Happened = 'found' | 'redeemed' | 'created' | 'none' | 'refused';

/**
 * Between the up-party's answer and the session: the track's own record of a user whom another provider signs in
 * (reference 4.2 of the control plane). It is found by the link claim, redeemed once, or made; its claims join those of the
 * sign-in, and the session stands on it, so that its end ends the session.
 */
export class SettleRecord {
  constructor(private readonly records: ExternalUserStore) {}

  /** Goes on with a result that is settled, shows the page that completes a new record, or refuses. */
  readonly settle = async (journey: Journey, frame: Frame, result: SignedIn): Promise<NextStep> => {
    const waiting = await open(journey, frame, result);
    if (!waiting) return without(frame, result);
    const { settings, sign_in } = waiting;
    const found = sign_in && (await this.records.signIn(placeOf(waiting), sign_in));
    if (found) return take(waiting, found);
    if (settings.require_user) return refuse(waiting, 'there is no user here for this account');
    if (!settings.auto_create_user || !sign_in) {
      tell(waiting, 'none', sign_in ? undefined : `no usable claim ${settings.link_claim_type}`);
      return without(frame, result);
    }
    if (settings.elements.length === 0) return this.create(waiting, sign_in, []);
    if (frame.login.prompt.includes('none')) return end(frame, interactionRequired);
    return show(waiting, prefilledValues(settings.elements, result.claims));
  };

  /** The steps of the page. A form that comes when nothing waits for it changes nothing. */
  get actions(): PageActions {
    return { external_user_create: this.send, external_user_cancel: this.cancel };
  }

  private readonly send: PageAction = async (journey, form) => {
    const waiting = await waitingIn(journey);
    if (!waiting?.sign_in || !waiting.settings.auto_create_user) return goOn;
    const { elements } = waiting.settings;
    const values = typedValues(elements, form);
    const faults = faultsOfValues(journeyScene(journey, journey.frame, waiting.party), elements, values);
    if (faults.some((fault) => fault !== undefined)) return show(waiting, values, faults);
    // Somebody may have prepared or made the record while the page was open.
    const found = await this.records.signIn(placeOf(waiting), waiting.sign_in);
    return found ? take(waiting, found) : this.create(waiting, waiting.sign_in, values);
  };

  private readonly cancel: PageAction = async (journey) => {
    const waiting = await waitingIn(journey);
    if (!waiting) return goOn;
    return end(waiting.frame, {
      ok: false,
      error: 'access_denied',
      error_description: 'the user cancelled the sign-in',
    });
  };

  private async create(waiting: Waiting, sign_in: SignInOfRecord, values: readonly string[]): Promise<NextStep> {
    const { settings, result, party } = waiting;
    const claims = claimsOfNewRecord(result.claims, settings, values);
    if (!claims.ok) {
      const { rule, message } = claims.error;
      return unprepared(waiting, `claim transform ${rule} of new users of ${party.name}: ${message}`);
    }
    return take(waiting, await this.records.create(placeOf(waiting), { ...sign_in, claims: claims.value }));
  }
}

const settingsOf = (party: UpParty | undefined): LinkExternalUser | undefined =>
  party && 'link_external_user' in party ? party.link_external_user : undefined;

const open = async (journey: Journey, frame: Frame, result: SignedIn): Promise<Waiting | undefined> => {
  const party = journey.view(frame).upParty(result.up_party);
  const settings = settingsOf(party);
  if (!party || !settings) return undefined;
  const link = externalLinkOf(result.claims, settings);
  const sign_in = link && { ...link, now: journey.now(), lifetime: settings.external_user_lifetime };
  return { journey, frame, result, party, settings, sign_in };
};

/** Is this result one whose record is still to be looked for? Not one that a session gave, nor of an own user. */
export const isUnsettled = (result: SignedIn): boolean =>
  result.record === undefined && result.session === undefined && result.up_party_type !== 'login';

const waitingIn = (journey: Journey): Promise<Waiting | undefined> => {
  const { result } = journey.frame;
  return result?.ok && isUnsettled(result) ? open(journey, journey.frame, result) : Promise.resolve(undefined);
};

const placeOf = ({ journey, frame, party }: Waiting) => ({
  tenant: journey.sequence.tenant,
  track: frame.track,
  up_party: party.name,
});

/** `local_sub` names a record of this track; what a provider calls so names one of its own. */
const ownWords = ({ claims, up_party }: SignedIn): Claims => {
  const { local_sub, ...rest } = claims;
  return typeof local_sub === 'string' ? { ...rest, local_sub: `${up_party}|${local_sub}` } : rest;
};

const without = (frame: Frame, result: SignedIn): NextStep => {
  frame.result = { ...result, claims: ownWords(result), record: 'settled' };
  return goOn;
};

const take = (waiting: Waiting, { how, record }: FoundRecord): NextStep => {
  const { frame, result, settings } = waiting;
  if (record.disabled) return refuse(waiting, 'the user is disabled');
  const joined = withRecordClaims(ownWords(result), record.claims, settings.overwrite_claims);
  const claims = { ...joined, local_sub: record.user_id };
  const fault = limitFault(claims);
  if (fault !== undefined) return unprepared(waiting, `claims of external user ${record.user_id}: ${fault}`);
  tell(waiting, how);
  frame.result = { ...result, claims, user: { user_id: record.user_id, epoch: record.epoch }, record: 'settled' };
  return goOn;
};

const refuse = (waiting: Waiting, error_description: string): NextStep => {
  tell(waiting, 'refused', error_description);
  return end(waiting.frame, { ok: false, error: 'access_denied', error_description });
};

const unprepared = (waiting: Waiting, detail: string): NextStep => {
  tell(waiting, 'refused', detail);
  return end(waiting.frame, {
    ok: false,
    error: 'server_error',
    error_description: 'the claims could not be prepared',
    detail,
  });
};

const end = (frame: Frame, failed: LoginFailed): NextStep => {
  frame.result = failed;
  return goOn;
};

/** OIDC Core 3.1.2.6: a page is due, and nobody may be shown one. */
const interactionRequired: LoginFailed = {
  ok: false,
  error: 'interaction_required',
  error_description: 'the user has to complete the account',
};

const tell = ({ journey, frame, party }: Waiting, happened: Happened, detail?: string): void =>
  journey.note({
    track: frame.track,
    party: party.name,
    kind: `external_user.${happened}`,
    outcome: happened === 'refused' ? 'refused' : 'ok',
    ...(detail !== undefined && { detail: detail.slice(0, 1000) }),
  });

const show = async (
  { journey, frame, party, settings }: Waiting,
  values: readonly string[],
  faults?: readonly (string | undefined)[],
): Promise<NextStep> => {
  const scene = journeyScene(journey, frame, party);
  const fields = fieldsOf(scene, settings.elements, { values, ...(faults && { faults }) });
  const place = journeyPlace(journey, frame, party);
  return { kind: 'page', page: completeUserPage(scene, { place, fields, form_targets: formTargets(journey) }) };
};
