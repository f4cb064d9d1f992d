import type { Saml2UpParty } from '@corsac/model';
import type { DownPartyKind } from '../../../down-party/down-party.js';
import { messagePage } from '../../../pages/message-page.js';
import { switchUserPage } from '../../../pages/sign-in/switch-user-page.js';
import type { Journey } from '../../../sequence/journey.js';
import type { PageAction, PageActions } from '../../../sequence/page-action.js';
import type { Frame, SignedIn } from '../../../sequence/sequence.js';
import { away, goOn, type NextStep } from '../../../sequence/step.js';
import { formTargets, journeyPlace, journeyScene } from '../../../sign-in/journey-scene.js';
import { arrivalOf, type Arrival } from './arrival.js';
import type { InitiatedGrants } from './initiated-grants.js';

/** What people know somebody by. */
export const shownName = ({ claims, sub }: Pick<SignedIn, 'claims' | 'sub'>): string => {
  const names = ['preferred_username', 'email', 'name'].map((claim) => claims[claim]);
  return names.find((name): name is string => typeof name === 'string' && name !== '') ?? sub;
};

/**
 * A sign-in that an identity provider began goes on: with a question where it would take somebody's place; then as the answer
 * to a SAML application, or to an OpenID Connect application's page, which asks for a sign-in of its own (OIDC Core 4).
 */
export const proceedArrival = async (
  grants: InitiatedGrants,
  journey: Journey,
  frame: Frame,
  { party, arrival }: { readonly party: Saml2UpParty; readonly arrival: Arrival },
): Promise<NextStep> => {
  if (arrival.instead_of !== undefined && !arrival.agreed) {
    const parts = {
      place: journeyPlace(journey, frame, party),
      identifier: arrival.instead_of,
      other: shownName(arrival.arrived),
      party: party.display_name ?? party.name,
      form_targets: formTargets(journey),
    };
    return { kind: 'page', page: switchUserPage(journeyScene(journey, frame, party), parts) };
  }
  if (arrival.initiate_url === undefined) {
    frame.result = arrival.arrived;
    return goOn;
  }
  await grants.keep(journey, frame, arrival.arrived, party.idp_initiated_grant_lifetime);
  const url = new URL(arrival.initiate_url);
  url.searchParams.set('iss', frame.down.issuer);
  return { kind: 'redirect', url: url.href, ends: true };
};

/** An arrival whose up-party was removed meanwhile has nobody to be answered to. */
export const nobodyAsked: DownPartyKind = {
  type: 'initiated',
  answer: async () => away('the identity provider that began it'),
};

const agree: PageAction = async ({ frame }) => {
  const arrival = arrivalOf(frame);
  if (arrival && !frame.result) frame.up = { ...arrival, agreed: true };
  return goOn;
};

const stay: PageAction = async (journey) => {
  const { frame } = journey;
  if (!arrivalOf(frame) || frame.result) return goOn;
  const scene = journeyScene(journey, frame, undefined);
  const page = messagePage(scene, { heading: 'still_signed_in_title', text: 'still_signed_in_text' });
  return { kind: 'page', page, ends: true };
};

export const arrivalActions: PageActions = { switch_user: agree, switch_user_stay: stay };
