import { verifyIdTokenHint, type Bus } from '@corsac/contracts';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import {
  canSignInUsers,
  parsePlace,
  partyIssuer,
  resolveBinding,
  trackIssuer,
  type OidcDownParty,
  type PartyPath,
} from '@corsac/model';
import {
  haveOneProvider,
  parseParameters,
  respondWithError,
  type AuthorizationRequestError,
  type ErrorDestination,
  type Issuers,
  type OAuthError,
  type ValidAuthorizationRequest,
} from '@corsac/oauth';
import { requestedAcr } from '@corsac/oidc';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { Browser } from '../../browser/browser.js';
import { sendJourney, sendPageError, sendStep } from '../../edge/edge.js';
import type { Dispatcher } from '../../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../../sequence/journey.js';
import type { Frame, LoginRequest } from '../../sequence/sequence.js';
import type { OidcRequest } from './oidc-down-party.js';
import { readAuthorizationRequest, type ReadRequestParts } from './read-request.js';
import { stepOf } from './step-of.js';

export const AUTHORIZE = Symbol('authorize');

export interface AuthorizeParts extends ReadRequestParts, JourneyParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  readonly base_url: string;
}

interface Place {
  readonly view: TrackView;
  readonly party: OidcDownParty;
  readonly partyPath: PartyPath & { party: string };
  readonly issuers: Issuers;
}

/** The authorize endpoint: place, request, login request, and then the dispatcher. */
export class Authorize {
  constructor(private readonly parts: AuthorizeParts) {}

  /** @param text the raw query or form; undefined when the body was neither */
  async handle(request: HttpRequest, text: string | undefined): Promise<HttpAnswer> {
    const place = await this.place(request);
    if (!place.ok) return place.error;
    const { view } = place.value;
    if (text === undefined) return sendPageError(request, 'unsupported_media_type', { view });
    const parameters = parseParameters(text);
    const asked = ofProvider(place.value, parameters.values.get('client_id'));
    const { party, issuers } = asked;
    request.note({ party: party.name });
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const read = await readAuthorizationRequest(this.parts, request, {
      view,
      party,
      issuers,
      parameters,
    });
    if (!read.ok) return this.refuse(request, browser, { error: read.error, view });
    const login = await this.loginRequest(request, asked, read.value);
    if (!login.ok) {
      if (login.error === 'away') return this.refuse(request, browser, { error: 'away', view });
      return this.refuse(request, browser, {
        error: { to: 'redirect', step: 'login', error: login.error, ...destinationOf(read.value) },
        view,
      });
    }
    const frame = frameOf(view, read.value, login.value);
    const journey = Journey.begin(this.parts, { browser, request }, { view, frame });
    return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
  }

  private async place(request: HttpRequest): Promise<Outcome<Place, HttpAnswer>> {
    const place = parsePlace(request.rawPath);
    if (!place.ok || place.value.partyPath?.party === undefined) return fail(sendPageError(request, 'not_found'));
    const { tenant, track, partyPath } = place.value;
    request.note({ tenant, track, party: partyPath.party });
    const read = await this.parts.config.track(tenant, track);
    if (!read.ok)
      return fail(sendPageError(request, read.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable'));
    const view = read.value;
    const party = view.downParty(partyPath.party ?? '');
    if (party?.type !== 'oidc') return fail(sendPageError(request, 'unknown_party', { view }));
    const at = { base: this.parts.base_url, tenant, track };
    const issuers = {
      party: partyIssuer({ ...at, party: party.name, upParties: partyPath.upParties }),
      track: trackIssuer(at),
    };
    return ok({ view, party, partyPath: { ...partyPath, party: party.name }, issuers });
  }

  /** What the up-parties will be asked. Errors here may travel to the client: its redirect URI is proven. */
  private async loginRequest(
    request: HttpRequest,
    { view, party, partyPath }: Place,
    valid: ValidAuthorizationRequest,
  ): Promise<Outcome<LoginRequest, OAuthError | 'away'>> {
    const usable = (name: string): boolean => {
      const upParty = view.upParty(name);
      return upParty !== undefined && canSignInUsers(upParty);
    };
    const bound = resolveBinding(party.allow_up_parties, partyPath.upParties, usable);
    if (!bound.ok)
      return fail({
        error: 'invalid_request',
        error_description: 'none of the up-parties of this address is allowed for the client',
      });
    if (bound.value.skipped.length > 0)
      request.logger.warn({ skipped: bound.value.skipped }, 'up-parties of the address were skipped');
    const wanted = await this.wantedSubject(request, view, valid);
    if (!wanted.ok) return wanted;
    const { prompt, max_age, login_hint, ui_locales } = valid;
    const acr_values = requestedAcr(valid.acr_values, valid.claims).values;
    return ok({
      up_parties: bound.value.upParties,
      prompt,
      acr_values,
      ui_locales,
      mfa: acr_values.includes('mfa'),
      ...(max_age !== undefined && { max_age }),
      ...(login_hint !== undefined && { login_hint }),
      ...(wanted.value !== undefined && { sub: wanted.value }),
    });
  }

  /** The user that the answer must be about: `id_token_hint` (OIDC Core 3.1.2.1), or `sub` with a value in `claims` (5.5.1). */
  private async wantedSubject(
    request: HttpRequest,
    view: TrackView,
    valid: ValidAuthorizationRequest,
  ): Promise<Outcome<string | undefined, OAuthError | 'away'>> {
    const asked = valid.claims?.id_token['sub']?.value;
    if (valid.id_token_hint === undefined) return ok(typeof asked === 'string' ? asked : undefined);
    const question = {
      tenant: view.tenant,
      track: view.track,
      id_token_hint: valid.id_token_hint,
      client_id: valid.client_id,
    };
    const hint = await this.parts.bus.ask(verifyIdTokenHint, question, request.messageContext);
    if (!hint.ok) {
      if (hint.error.refusal === 'unavailable') return fail('away');
      return fail({ error: 'invalid_request', error_description: 'id_token_hint is not an ID token of this client' });
    }
    if (typeof asked === 'string' && asked !== hint.value.sub)
      return fail({
        error: 'invalid_request',
        error_description: 'id_token_hint and the claims parameter name different users',
      });
    return ok(hint.value.sub);
  }

  private refuse(
    request: HttpRequest,
    browser: Browser,
    { error, view }: { error: AuthorizationRequestError | 'away'; view: TrackView },
  ): HttpAnswer {
    if (error === 'away') return sendPageError(request, 'temporarily_unavailable', { view });
    const { error: code, error_description, detail } = error.error;
    if (error.to === 'page')
      return sendPageError(request, 'bad_request', {
        view,
        description: `${code}: ${error_description ?? ''}`,
        ...(detail !== undefined && { detail }),
      });
    request.logger.info(
      { error: code, step: error.step, detail: detail ?? error_description },
      'the authorization request was refused',
    );
    return sendStep(request, browser, stepOf(respondWithError(error, error.error)));
  }
}

/** Another client of the track may ask at this address where both know the track as their provider. */
const ofProvider = (place: Place, client_id: string | undefined): Place => {
  const party = client_id === undefined ? undefined : place.view.downParty(client_id);
  if (party?.type !== 'oidc' || !haveOneProvider(place.party, party)) return place;
  return { ...place, party, partyPath: { ...place.partyPath, party: party.name } };
};

const destinationOf = ({
  redirect_uri,
  response_mode,
  state,
  issuer,
}: ValidAuthorizationRequest): ErrorDestination => ({
  redirect_uri,
  response_mode,
  issuer,
  ...(state !== undefined && { state }),
});

const frameOf = (view: TrackView, valid: ValidAuthorizationRequest, login: LoginRequest): Frame => {
  // The hint has done its work, and it is somebody's token: the sequence does not keep it.
  const { id_token_hint: _hint, ...values } = valid;
  const remembered: OidcRequest = { values };
  return {
    track: view.track,
    down: { party: valid.client_id, type: 'oidc', issuer: valid.issuer, request: remembered },
    login,
  };
};
