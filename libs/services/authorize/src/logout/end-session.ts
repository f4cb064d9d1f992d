import { findSessions, verifyIdTokenHint, type Bus, type Session } from '@corsac/contracts';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { parsePlace, type OidcDownParty } from '@corsac/model';
import { parseParameters, type Parameters } from '@corsac/oauth';
import {
  checkEndSessionRequest,
  mustAskUser,
  postLogoutRedirect,
  type EndSessionInput,
  type EndSessionRequest,
  type LogoutConsent,
} from '@corsac/oidc';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { Browser } from '../browser/browser.js';
import { sendPageError, sendStep } from '../edge/edge.js';
import type { AdvanceLogout } from './advance.js';
import type { LogoutJourneys, LogoutReturn, LogoutTarget } from './logout-journey.js';

export const END_SESSION = Symbol('end session');

export interface EndSessionParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly base_url: string;
}

/** RP-Initiated Logout 1.0: checks the request before anything is ended, then asks the user or goes on at once. */
export class EndSessionRequests {
  constructor(private readonly parts: EndSessionParts) {}

  /** @param text the raw query or form; undefined when the body was neither */
  async handle(request: HttpRequest, text: string | undefined): Promise<HttpAnswer> {
    const place = await this.place(request);
    if (!place.ok) return place.error;
    const { view, party } = place.value;
    if (text === undefined) return sendPageError(request, 'unsupported_media_type', { view });
    const parameters = parseParameters(text);
    const hint = await this.hint(request, view, { party, parameters });
    if (hint === 'away') return sendPageError(request, 'temporarily_unavailable', { view });
    const checked = checkEndSessionRequest({ parameters, client: party, ...(hint && { hint }) });
    if (!checked.ok) {
      const { error, error_description } = checked.error;
      return sendPageError(request, 'bad_request', { view, description: `${error}: ${error_description ?? ''}` });
    }
    const browser = new Browser(view.tenant, this.parts.base_url, request.cookies);
    const sessions = await this.browserSessions(request, view, browser);
    if (sessions === 'away') return sendPageError(request, 'temporarily_unavailable', { view });
    return this.begin({ request, view, browser }, checked.value, { party, sessions });
  }

  private async begin(
    context: { request: HttpRequest; view: TrackView; browser: Browser },
    asked: EndSessionRequest,
    found: { party: OidcDownParty; sessions: readonly Session[] },
  ): Promise<HttpAnswer> {
    const { request, view, browser } = context;
    const journey = this.parts.journeys.begin({
      tenant: view.tenant,
      track: view.track,
      binding: browser.bind(),
      party: found.party.name,
      cause: 'application',
      target: targetOf(asked, found.sessions),
      ui_locales: asked.ui_locales,
      back: { unasked: returnOf(asked, false), agreed: returnOf(asked, true) },
    });
    const sids = found.sessions.map(({ sid }) => sid);
    // Nobody is signed in here, and the hint's session has no more to lose than the application already says: no question.
    const nothingToEnd =
      sids.length === 0 && asked.hint !== 'invalid' && !(await this.isAlive(request, view, asked.sid));
    if (!nothingToEnd && mustAskUser(asked, sids, consentOf(view, found.sessions, asked.sid)))
      return sendStep(request, browser, await this.parts.advance.ask(context, journey));
    return sendStep(request, browser, await this.parts.advance.end(context, journey));
  }

  private async place(request: HttpRequest): Promise<Outcome<{ view: TrackView; party: OidcDownParty }, HttpAnswer>> {
    const place = parsePlace(request.rawPath);
    if (!place.ok || place.value.partyPath?.party === undefined) return fail(sendPageError(request, 'not_found'));
    const { tenant, track, partyPath } = place.value;
    request.note({ tenant, track, party: partyPath.party });
    const read = await this.parts.config.track(tenant, track);
    if (!read.ok)
      return fail(sendPageError(request, read.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable'));
    const party = read.value.downParty(partyPath.party ?? '');
    return party?.type === 'oidc'
      ? ok({ view: read.value, party })
      : fail(sendPageError(request, 'unknown_party', { view: read.value }));
  }

  private async hint(
    request: HttpRequest,
    view: TrackView,
    { party, parameters }: { party: OidcDownParty; parameters: Parameters },
  ): Promise<EndSessionInput['hint'] | 'away' | undefined> {
    const id_token_hint = parameters.values.get('id_token_hint');
    if (id_token_hint === undefined) return undefined;
    const question = { tenant: view.tenant, track: view.track, id_token_hint, client_id: party.name };
    const verified = await this.parts.bus.ask(verifyIdTokenHint, question, request.messageContext);
    if (verified.ok) {
      const { sub, sid, issuer } = verified.value;
      return ok({ sub, iss: issuer, ...(sid !== undefined && { sid }) });
    }
    if (verified.error.refusal === 'unavailable') return 'away';
    return fail({ code: 'signature_invalid', message: 'the hint is not an ID token of this client' });
  }

  private async browserSessions(request: HttpRequest, view: TrackView, browser: Browser): Promise<Session[] | 'away'> {
    if (browser.id === undefined) return [];
    const by = { kind: 'browser' as const, browser_id: browser.id };
    const found = await this.parts.bus.ask(
      findSessions,
      { tenant: view.tenant, track: view.track, by },
      request.messageContext,
    );
    return found.ok ? found.value.sessions : 'away';
  }

  private async isAlive(request: HttpRequest, view: TrackView, sid: string | undefined): Promise<boolean> {
    if (sid === undefined) return false;
    const found = await this.parts.bus.ask(
      findSessions,
      { tenant: view.tenant, track: view.track, by: { kind: 'sid', sid } },
      request.messageContext,
    );
    return !found.ok || found.value.sessions.length > 0;
  }
}

/** The session that the hint names, otherwise all of this browser in the track. */
const targetOf = (asked: EndSessionRequest, sessions: readonly Session[]): LogoutTarget =>
  asked.sid !== undefined && (sessions.length === 0 || sessions.some(({ sid }) => sid === asked.sid))
    ? { kind: 'sid', sid: asked.sid }
    : { kind: 'browser' };

const returnOf = (asked: EndSessionRequest, agreed: boolean): LogoutReturn => {
  const url = postLogoutRedirect(asked, agreed);
  return url === undefined ? { kind: 'page' } : { kind: 'redirect', url };
};

/** The login up-party's setting; sessions of providers above are asked about when it is required. */
const consentOf = (view: TrackView, sessions: readonly Session[], sid: string | undefined): LogoutConsent => {
  const session = sessions.find((candidate) => candidate.sid === sid) ?? sessions[0];
  const party = session && view.upParty(session.up_party);
  return party?.type === 'login' ? party.logout_consent : 'if_required';
};
