import type { TrackView } from '@corsac/config-cache';
import type { Saml2DownParty } from '@corsac/model';
import { makeLogoutResponse, statusOfLogout, type LogoutResult } from '@corsac/saml';
import type { Logger } from '@corsac/telemetry';
import type { LogoutAnswerKind } from '../../../logout/advance.js';
import type { LogoutJourney } from '../../../logout/logout-journey.js';
import { signedOutPage } from '../../../pages/message-page.js';
import { makeScene } from '../../../pages/scene.js';
import { newMessageId, stepOfMessage } from '../../../saml/deliver.js';
import type { SamlSigning } from '../../../saml/sign.js';
import type { Step } from '../../../sequence/step.js';
import { idpEntityId } from '../addressed-application.js';

/** What must be remembered until an application's LogoutRequest is answered. */
export interface LogoutToAnswer {
  readonly party: string;
  readonly in_response_to: string;
  readonly relay_state?: string;
}

export interface LogoutAnswersParts {
  readonly signing: SamlSigning;
  readonly logger: Logger;
  readonly base_url: string;
  readonly now: () => number;
}

/** Where the application takes the answer to its logout; undefined when nothing is set up. */
export const logoutAnswerUrl = ({ logged_out_url, single_logout_url }: Saml2DownParty): string | undefined =>
  logged_out_url ?? single_logout_url;

/** Answers the LogoutRequest of an application, signed. SAML Profiles 4.4.3.4. */
export class LogoutAnswers implements LogoutAnswerKind {
  readonly type = 'saml2';

  constructor(private readonly parts: LogoutAnswersParts) {}

  async answer(view: TrackView, journey: LogoutJourney, request: object): Promise<Step> {
    const asked = request as LogoutToAnswer;
    const party = view.downParty(asked.party);
    const result = journey.untold === true ? 'partial' : 'success';
    const step = party?.type === 'saml2' ? await this.message(view, party, { asked, result }) : undefined;
    return step ? { ...step, ends: true } : { kind: 'page', page: signedOutPage(makeScene({})), ends: true };
  }

  private async message(
    view: TrackView,
    party: Saml2DownParty,
    { asked, result }: { asked: LogoutToAnswer; result: LogoutResult },
  ): Promise<Exclude<Step, { kind: 'page' }> | undefined> {
    const destination = logoutAnswerUrl(party);
    if (destination === undefined) return undefined;
    const message = makeLogoutResponse({
      id: newMessageId(),
      issuer: idpEntityId(this.parts.base_url, view, party),
      issued_at: this.parts.now(),
      destination,
      in_response_to: asked.in_response_to,
      status: statusOfLogout(result),
    });
    const { tenant, track } = view;
    const { relay_state } = asked;
    const sent = await this.parts.signing.signed(
      { tenant, track, algorithm: party.signature_algorithm, context: {} },
      (signer) =>
        stepOfMessage(message, party.logout_response_binding, {
          signer,
          ...(relay_state !== undefined && { relay_state }),
        }),
    );
    if (sent.ok) return sent.value;
    this.parts.logger.warn(
      { party: party.name, reason: sent.error },
      'the logout of an application could not be answered',
    );
    return undefined;
  }
}
