import { issueCode, type AuthorizationGrant, type Bus, type Session } from '@corsac/contracts';
import type { OidcDownParty } from '@corsac/model';
import { respond, respondWithError, type AuthorizationRequestValues, type OAuthError } from '@corsac/oauth';
import { answerAcr, requestedAcr } from '@corsac/oidc';
import type { Frame, LoginResult, SignedIn } from '../../sequence/sequence.js';
import type { Journey } from '../../sequence/journey.js';
import { away, type NextStep, type PageContent } from '../../sequence/step.js';
import { openSession } from '../../sign-in/open-session.js';
import type { DownPartyKind } from '../down-party.js';
import { grantOfSignIn } from './grant-of-sign-in.js';
import { stepOf } from './step-of.js';

/** What an OIDC down-party remembers until it answers. */
export interface OidcRequest {
  readonly values: AuthorizationRequestValues;
  /** Set when the user has said yes to `prompt=consent`. */
  readonly consented?: boolean;
}

export interface OidcDownPartyParts {
  readonly bus: Bus;
  /** The page that asks the user whether the application may have what it asks (`prompt=consent`). */
  readonly consentPage: (journey: Journey, frame: Frame, party: OidcDownParty) => PageContent;
}

/** The OpenID Provider's side of the middle: login results become authorization responses (OIDC Core 3.1.2.5). */
export class OidcDownPartyKind implements DownPartyKind {
  readonly type = 'oidc';

  constructor(private readonly parts: OidcDownPartyParts) {}

  async answer(journey: Journey, frame: Frame, result: LoginResult): Promise<NextStep> {
    const { values, consented } = frame.down.request as OidcRequest;
    if (!result.ok) return this.refuse(journey, values, result);
    const party = journey.view(frame).downParty(frame.down.party);
    if (party?.type !== 'oidc')
      return this.refuse(journey, values, {
        error: 'server_error',
        error_description: 'the client is no longer there',
      });
    if (values.prompt.includes('consent') && !consented)
      return { kind: 'page', page: this.parts.consentPage(journey, frame, party) };
    const session = await openSession(this.parts.bus, journey, frame, { result });
    if (!session.ok) {
      if (session.error === 'unavailable') return away('session');
      return this.refuse(journey, values, {
        error: 'server_error',
        error_description: 'the browser has too many sessions',
      });
    }
    return this.issue(journey, { values, party, result, session: session.value });
  }

  private async issue(
    journey: Journey,
    made: { values: AuthorizationRequestValues; party: OidcDownParty; result: SignedIn; session: Session },
  ): Promise<NextStep> {
    const { values, party, result, session } = made;
    const scopes = values.grant as AuthorizationGrant['scopes'];
    const asked = requestedAcr(values.acr_values, values.claims);
    const acr = answerAcr(asked.values, session);
    // OIDC Core 5.5.1.1: an essential context that is not reached is a failed sign-in.
    if (asked.essential && asked.values.length > 0 && !asked.values.includes(acr ?? ''))
      return this.refuse(journey, values, {
        error: 'unmet_authentication_requirements',
        error_description: 'the sign-in does not reach the acr that was asked for',
      });
    const granted = grantOfSignIn(journey, { party, issuer: values.issuer, scopes, result, session, acr });
    if (!granted.ok)
      return this.refuse(journey, values, {
        error: 'server_error',
        error_description: 'the claims could not be prepared',
        detail: granted.error,
      });
    const grant: AuthorizationGrant = {
      ...granted.value,
      ...(values.nonce !== undefined && { nonce: values.nonce }),
      ...(values.claims && { claims_request: values.claims as AuthorizationGrant['claims_request'] }),
      ...(wantsAuthTime(values) && { auth_time_required: true }),
    };
    const issued = await this.parts.bus.ask(
      issueCode,
      {
        grant,
        response_types: values.response_type.split(' ') as ('code' | 'token' | 'id_token')[],
        redirect_uri: values.redirect_uri,
        ...(values.code_challenge !== undefined && { code_challenge: values.code_challenge }),
        ...(values.dpop_jkt !== undefined && { dpop_jkt: values.dpop_jkt }),
        ...(values.state !== undefined && { state: values.state }),
      },
      journey.request.messageContext,
    );
    if (!issued.ok) {
      if (issued.error.refusal === 'unavailable' || issued.error.refusal === 'key_not_ready') return away('token');
      return this.refuse(journey, values, {
        error: 'server_error',
        error_description: 'the client is no longer there',
      });
    }
    return stepOf(respond(values, issued.value));
  }

  private refuse(journey: Journey, values: AuthorizationRequestValues, error: OAuthError): NextStep {
    journey.request.logger.info(
      { error: error.error, detail: error.detail ?? error.error_description },
      'the sign-in was refused',
    );
    return stepOf(respondWithError(values, error));
  }
}

/** OIDC Core 2: `auth_time` is required when `max_age` was sent or the claim was asked as essential. */
const wantsAuthTime = (values: AuthorizationRequestValues): boolean =>
  values.max_age !== undefined || values.claims?.id_token['auth_time']?.essential === true;
