import { useSession, type Bus, type Session } from '@corsac/contracts';
import type { TrackView } from '@corsac/config-cache';
import type { Claims, Saml2DownParty } from '@corsac/model';
import { answerContext, statusOfOAuthError } from '@corsac/saml';
import { newMessageId } from '../../../saml/deliver.js';
import type { Note } from '../../../journey/claims-step.js';
import type { Journey } from '../../../sequence/journey.js';
import type { Frame, LoginResult, SignedIn } from '../../../sequence/sequence.js';
import { away, goOn, type NextStep } from '../../../sequence/step.js';
import { openSession } from '../../../sign-in/open-session.js';
import type { DownPartyKind } from '../../down-party.js';
import type { SamlRequest } from '../request/saml-request.js';
import { contentOfClaims, notPrepared, type Refused } from './content-of-claims.js';
import type { AssertionContent, SamlResponses } from './saml-responses.js';

export interface SamlDownPartyParts {
  readonly bus: Bus;
  readonly responses: SamlResponses;
  readonly now: () => number;
}

interface Answering {
  readonly view: TrackView;
  readonly party: Saml2DownParty;
  readonly asked: SamlRequest;
}

/** The identity provider's side of the middle: login results become responses (SAML Profiles 4.1.4.2). */
export class SamlDownPartyKind implements DownPartyKind {
  readonly type = 'saml2';

  constructor(private readonly parts: SamlDownPartyParts) {}

  async answer(journey: Journey, frame: Frame, result: LoginResult): Promise<NextStep> {
    const view = journey.view(frame);
    const party = view.downParty(frame.down.party);
    // Without the application's settings nothing can be said to it: not how it wants it signed, nor whether it still may.
    if (party?.type !== 'saml2') return away('the application');
    const answering = { view, party, asked: frame.down.request as SamlRequest };
    if (!result.ok) return this.refuse(journey, answering, result);
    return this.accept(journey, frame, { ...answering, result });
  }

  private async accept(
    journey: Journey,
    frame: Frame,
    { result, ...answering }: Answering & { result: SignedIn },
  ): Promise<NextStep> {
    const { view, party, asked } = answering;
    const rules = { ...answering, transient_id: newMessageId(), now: this.parts.now() };
    const contentFor = (sid?: string, note?: Note) =>
      contentOfClaims({ ...claimsOf(result), ...(sid !== undefined && { sid }) }, { ...rules, ...(note && { note }) });
    // The session remembers what the application calls the user, so that its logout can repeat it.
    const named = contentFor(result.session?.sid, journey.note);
    if (!named.ok) return this.refuse(journey, answering, named.error);
    const class_ref = classOf(named.value, asked, result);
    if (class_ref === undefined)
      return signInAnew(journey, frame, asked, result) ? goOn : this.refuse(journey, answering, unmet);
    const nameId = nameIdOf(named.value);
    const session = await openSession(this.parts.bus, journey, frame, { result, nameId });
    if (!session.ok) {
      if (session.error === 'unavailable') return away('session');
      return this.refuse(journey, answering, {
        ...notPrepared('too many sessions'),
        error_description: 'the browser has too many sessions',
      });
    }
    if (result.session && !(await this.noteNameId(journey, frame, { session: session.value, nameId })))
      return away('session');
    const content = result.session ? named : contentFor(session.value.sid);
    if (!content.ok) return this.refuse(journey, answering, content.error);
    const { authn } = content.value;
    const to = { view, party, context: journey.request.messageContext };
    return this.parts.responses.success(to, asked, {
      ...content.value,
      authn: { ...authn, class_ref, session_index: session.value.sid },
    });
  }

  /** A session that answered by single sign-on knows the party without the name that this sign-in gave the user. */
  private async noteNameId(
    journey: Journey,
    { down, track }: Frame,
    { session, nameId }: { session: Session; nameId: NameId },
  ): Promise<boolean> {
    const known = session.parties.find(({ party, type }) => party === down.party && type === 'saml2')?.name_id;
    if (known?.value === nameId.value && known.format === nameId.format) return true;
    if (journey.browser.id === undefined) return true;
    const { tenant } = journey.sequence;
    const reached = { party: down.party, type: 'saml2' as const, issuer: down.issuer, name_id: nameId };
    const noted = await this.parts.bus.ask(
      useSession,
      { tenant, track, browser_id: journey.browser.id, up_parties: [session.up_party], reached },
      journey.request.messageContext,
    );
    return noted.ok || noted.error.refusal !== 'unavailable';
  }

  private refuse(journey: Journey, { view, party, asked }: Answering, failed: Refused): Promise<NextStep> {
    const { error, error_description, detail } = failed;
    journey.request.logger.info({ error, detail: detail ?? error_description }, 'the sign-in was refused');
    const { code, sub_code } = statusOfOAuthError(error, asked);
    const to = { view, party, context: journey.request.messageContext };
    return this.parts.responses.refusal(to, asked, {
      code,
      ...(sub_code !== undefined && { sub_code }),
      message: error_description,
    });
  }
}

type NameId = { value: string; format?: string };

const nameIdOf = ({ name_id }: AssertionContent): NameId => ({
  value: name_id.value,
  ...(name_id.format !== undefined && { format: name_id.format }),
});

/** The session's figures beside the claims: they say when and how, whatever a claim of that name became on its way. */
const claimsOf = (result: SignedIn): Claims => ({
  ...result.claims,
  sub: result.sub,
  auth_time: result.auth_time,
  amr: [...result.amr],
});

/** The class that the answer says: where one was asked, one that is true of the sign-in and meets the request. */
const classOf = (
  { authn }: AssertionContent,
  { requested_authn_context }: SamlRequest,
  { amr, acr }: SignedIn,
): string | undefined =>
  requested_authn_context
    ? answerContext(requested_authn_context, { amr, class_refs: [acr, authn.class_ref] })
    : authn.class_ref;

const unmet: Refused = {
  error: 'unmet_authentication_requirements',
  error_description: 'the user did not sign in by a way that the application takes',
};

/** A session that is too weak for the request does not answer it; signing in once more may. @returns whether that can be */
const signInAnew = (
  journey: Journey,
  frame: Frame,
  { is_passive }: SamlRequest,
  { session, up_party }: SignedIn,
): boolean => {
  if (!session || is_passive || frame.login.prompt.includes('login')) return false;
  const { result: _result, up: _up, upParty: _upParty, ...kept } = frame;
  const login = { ...frame.login, prompt: ['login' as const], up_parties: preferred(frame.login.up_parties, up_party) };
  journey.sequence.frames.splice(-1, 1, { ...kept, login });
  return true;
};

/** The same user most likely comes by the same way. */
const preferred = (names: readonly string[], first: string): readonly string[] =>
  names.includes(first) ? [first, ...names.filter((name) => name !== first)] : names;
