import type { TrackView } from '@corsac/config-cache';
import { makeLogoutResponse, statusOfLogout } from '@corsac/saml';
import type { Logger } from '@corsac/telemetry';
import type { LogoutAnswerKind } from '../../../logout/advance.js';
import type { LogoutJourney } from '../../../logout/logout-journey.js';
import { signedOutPage } from '../../../pages/message-page.js';
import { makeScene } from '../../../pages/scene.js';
import { inFrameOf, newMessageId, stepOfMessage } from '../../../saml/deliver.js';
import type { SamlSigning } from '../../../saml/sign.js';
import type { Step } from '../../../sequence/step.js';
import { ownEntityId } from '../addressed-up-party.js';
import { endpointFor } from '../idp/identity-provider.js';
import type { IdentityProviders } from '../idp/identity-providers.js';

/** Names this way of answering in logout journeys. */
export const logoutAnswerType = 'saml2_up_party';

/** What must be remembered until an identity provider's LogoutRequest is answered. */
export interface AnswerAbove {
  readonly up_party: string;
  readonly in_response_to: string;
  readonly relay_state?: string;
}

export interface AnswersAboveParts {
  readonly idps: IdentityProviders;
  readonly signing: SamlSigning;
  readonly logger: Logger;
  readonly base_url: string;
  readonly now: () => number;
}

/** Answers the LogoutRequest of an identity provider, signed. SAML Profiles 4.4.3.4. */
export class AnswersAbove implements LogoutAnswerKind {
  readonly type = logoutAnswerType;

  constructor(private readonly parts: AnswersAboveParts) {}

  async answer(view: TrackView, journey: LogoutJourney, request: object): Promise<Step> {
    const { up_party, in_response_to, relay_state } = request as AnswerAbove;
    const step = await this.message(view, { up_party, in_response_to, relay_state }, journey.untold === true);
    const framed_by = journey.framed_by ?? this.parts.base_url;
    if (step) return inFrameOf({ ...step, ends: true }, framed_by);
    this.parts.logger.warn({ up_party }, 'the logout of an identity provider could not be answered');
    const page = signedOutPage(makeScene({}));
    return { kind: 'page', page: { ...page, policy: { ...page.policy, framed_by: [framed_by] } }, ends: true };
  }

  private async message(
    view: TrackView,
    { up_party, in_response_to, relay_state }: { [Key in keyof AnswerAbove]: AnswerAbove[Key] | undefined },
    isPartial: boolean,
  ): Promise<Exclude<Step, { kind: 'page' }> | undefined> {
    const party = view.upParty(up_party ?? '');
    if (party?.type !== 'saml2') return undefined;
    const idp = await this.parts.idps.of({ view, party });
    const endpoint =
      idp.ok && (endpointFor(idp.value.single_logout, party.logout_response_binding) ?? idp.value.single_logout[0]);
    if (!endpoint) return undefined;
    const message = makeLogoutResponse({
      id: newMessageId(),
      issuer: ownEntityId(this.parts.base_url, view, party),
      issued_at: this.parts.now(),
      destination: endpoint.response_location ?? endpoint.location,
      status: statusOfLogout(isPartial ? 'partial' : 'success'),
      ...(in_response_to !== undefined && { in_response_to }),
    });
    const { tenant, track } = view;
    const sent = await this.parts.signing.signed(
      { tenant, track, algorithm: party.signature_algorithm, context: {} },
      (signer) =>
        stepOfMessage(message, endpoint.binding, { signer, ...(relay_state !== undefined && { relay_state }) }),
    );
    return sent.ok ? sent.value : undefined;
  }
}
