import { createHash } from 'node:crypto';
import type { Bus } from '@corsac/contracts';
import type { ItemStore } from '@corsac/data';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { acceptLogoutRequest, type AcceptedLogoutRequest, type IncomingMessage } from '@corsac/saml';
import { Browser } from '../../../browser/browser.js';
import { sendPageError, sendStep } from '../../../edge/edge.js';
import type { AdvanceLogout } from '../../../logout/advance.js';
import type { LogoutJourney, LogoutJourneys } from '../../../logout/logout-journey.js';
import { lineOf } from '../../../saml/receive.js';
import { endSessionsAbove, type BegunLogout } from '../../oidc/logout/end-sessions.js';
import { arrivedAt } from '../addressed-up-party.js';
import { endpointFor, type IdentityProvider } from '../idp/identity-provider.js';
import type { IdentityProviders, SamlUpPartyInTrack } from '../idp/identity-providers.js';
import { logoutAnswerType, type AnswerAbove } from './answer-above.js';

export interface LogoutRequestsFromAboveParts {
  readonly bus: Bus;
  readonly items: Pick<ItemStore, 'putIfAbsent' | 'remove'>;
  readonly journeys: LogoutJourneys;
  readonly advance: AdvanceLogout;
  readonly idps: IdentityProviders;
  readonly base_url: string;
  readonly now: () => number;
}

/**
 * An identity provider says that its session is over (SAML Profiles 4.4.3.3). Sessions are found by what it calls them,
 * never by a cookie: it may say so inside a frame. The applications here are told, and then it gets its answer.
 */
export class LogoutRequestsFromAbove {
  constructor(private readonly parts: LogoutRequestsFromAboveParts) {}

  async handle(request: HttpRequest, place: SamlUpPartyInTrack, incoming: IncomingMessage): Promise<HttpAnswer> {
    const { view, party } = place;
    const idp = await this.parts.idps.of(place);
    if (!idp.ok) return sendPageError(request, 'temporarily_unavailable', { view, detail: idp.error.detail });
    const asked = await this.parts.idps.check(place, idp.value, ({ entity_id, keys }) =>
      acceptLogoutRequest(incoming, {
        issuer: entity_id,
        destinations: arrivedAt(this.parts.base_url, place, 'single_logout'),
        now: this.parts.now(),
        party: { keys, policy: { allow_sha1: party.allow_sha1 } },
      }),
    );
    if (!asked.ok) {
      const description = `the logout request is refused: ${asked.error.reason}`;
      return sendPageError(request, 'bad_request', { view, description, detail: lineOf(asked.error) });
    }
    const ended = await this.once(request, place, asked.value);
    if (!ended.ok)
      return ended.error === 'used'
        ? sendPageError(request, 'bad_request', { view, description: 'the logout request was used before' })
        : sendPageError(request, 'temporarily_unavailable', { view, detail: 'session does not answer' });
    return this.tell(request, place, { asked: asked.value, idp: idp.value, begun: ended.value });
  }

  /** A request acts once: a copy of it cannot end what has begun since. */
  private async once(
    request: HttpRequest,
    place: SamlUpPartyInTrack,
    asked: AcceptedLogoutRequest,
  ): Promise<Outcome<readonly BegunLogout[], 'used' | 'unavailable'>> {
    const { view, party } = place;
    const digest = createHash('sha256')
      .update(JSON.stringify([asked.issuer, asked.id]))
      .digest('base64url');
    const key = `saml-logout-once/${view.tenant}/${view.track}/${party.name}/${digest}`;
    const ttl = Math.max(1, asked.expires_at - this.parts.now());
    if (!(await this.parts.items.putIfAbsent(key, {}, ttl))) return fail('used');
    const { issuer, name_id, session_indexes } = asked;
    const named = session_indexes.length > 0 ? session_indexes.map((sid) => ({ sid })) : [{}];
    const begun: BegunLogout[] = [];
    for (const sid of named) {
      const ended = await endSessionsAbove(
        this.parts.bus,
        place,
        { issuer, sub: name_id.value, ...sid },
        request.messageContext,
      );
      if (!ended.ok) {
        // Nothing was promised yet: it shall be able to say it again.
        await this.parts.items.remove(key);
        return ended;
      }
      begun.push(...ended.value);
    }
    return ok(begun);
  }

  /** Tells the applications in the browser, which may be a frame of the identity provider's page, and answers at the end. */
  private async tell(
    request: HttpRequest,
    { view, party }: SamlUpPartyInTrack,
    ended: { asked: AcceptedLogoutRequest; idp: IdentityProvider; begun: readonly BegunLogout[] },
  ): Promise<HttpAnswer> {
    const { asked, idp, begun } = ended;
    const endpoint = endpointFor(idp.single_logout, party.logout_response_binding) ?? idp.single_logout[0];
    const url = endpoint && (endpoint.response_location ?? endpoint.location);
    const answer: AnswerAbove = {
      up_party: party.name,
      in_response_to: asked.id,
      ...(asked.relay_state !== undefined && { relay_state: asked.relay_state }),
    };
    const back = endpoint
      ? ({ kind: 'down_party', type: logoutAnswerType, request: answer, ...(url !== undefined && { url }) } as const)
      : ({ kind: 'page' } as const);
    // It sets no cookie: in a frame of another site it could only be a wrong one.
    const noBrowser = new Browser(view.tenant, this.parts.base_url, new Map());
    const journey: LogoutJourney = this.parts.journeys.begin({
      tenant: view.tenant,
      track: view.track,
      binding: noBrowser.bind(),
      party: party.name,
      cause: 'upstream',
      target: { kind: 'browser' },
      ui_locales: [],
      back: { unasked: back, agreed: back },
      framed_by: url ?? this.parts.base_url,
    });
    journey.stage = 'front_channel';
    journey.job_id = begun.find(({ job_id }) => job_id !== undefined)?.job_id;
    journey.front_channel = begun.flatMap(({ front_channel }) => front_channel);
    const step = await this.parts.advance.advance({ view, browser: noBrowser, request }, journey);
    return sendStep(request, new Browser(view.tenant, this.parts.base_url, new Map()), step);
  }
}
