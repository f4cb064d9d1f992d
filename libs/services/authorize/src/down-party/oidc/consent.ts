import type { OidcDownParty } from '@corsac/model';
import { consentPage as renderConsent } from '../../pages/sign-in/consent-page.js';
import type { Journey } from '../../sequence/journey.js';
import type { PageAction, PageActions } from '../../sequence/page-action.js';
import type { Frame } from '../../sequence/sequence.js';
import { goOn, type PageContent } from '../../sequence/step.js';
import { formTargets, journeyPlace, journeyScene } from '../../sign-in/journey-scene.js';
import type { OidcRequest } from './oidc-down-party.js';

/** The page that `prompt=consent` asks for (OIDC Core 3.1.2.4). */
export const consentPage = (journey: Journey, frame: Frame, _party: OidcDownParty): PageContent =>
  askConsent(journey, frame, (frame.down.request as OidcRequest).values.grant.scope);

/** Asks who is signed in whether the application may have the scopes; `consentActions` take the answer. */
export const askConsent = (journey: Journey, frame: Frame, scopes: readonly string[]): PageContent => {
  const { result } = frame;
  if (!result?.ok) throw new Error('consent is asked of somebody who is signed in');
  const upParty = journey.view(frame).upParty(result.up_party);
  const name = ['preferred_username', 'email', 'name'].map((claim) => result.claims[claim]).find(isText);
  return renderConsent(journeyScene(journey, frame, upParty), {
    place: journeyPlace(journey, frame, upParty ?? { name: result.up_party, binding_style: 'brackets' }),
    identifier: name ?? result.sub,
    scopes,
    form_targets: formTargets(journey),
  });
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The form counts only while the page is what the journey waits for: a result is there, and it is an OAuth client's. */
const waitsForConsent = ({ result, down }: Frame): boolean =>
  result?.ok === true && (down.type === 'oidc' || down.type === 'oauth2');

const allow: PageAction = async ({ frame }) => {
  if (waitsForConsent(frame)) Object.assign(frame.down.request, { consented: true });
  return goOn;
};

const deny: PageAction = async ({ frame }) => {
  if (waitsForConsent(frame))
    frame.result = { ok: false, error: 'access_denied', error_description: 'the user did not allow it' };
  return goOn;
};

export const consentActions: PageActions = { consent: allow, consent_deny: deny };
