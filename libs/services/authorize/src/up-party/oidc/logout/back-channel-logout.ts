import { hash } from 'node:crypto';
import type { Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { ItemStore } from '@corsac/data';
import { formText, sendJson, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { parseParameters } from '@corsac/oauth';
import { verifyLogoutToken, type LogoutNotice } from '@corsac/oidc';
import { fail, type Outcome } from '@corsac/outcome';
import { nobodyLooks } from '../../../logout/without-browser.js';
import { addressedUpParty } from '../addressed-up-party.js';
import type { Provider } from '../provider/provider.js';
import type { Providers, UpPartyInTrack } from '../provider/providers.js';
import { clientIdOf } from '../request/oidc-memory.js';
import { endSessionsAbove } from './end-sessions.js';

export interface BackChannelLogoutParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly items: ItemStore;
  readonly providers: Providers;
  readonly now: () => number;
}

/** No logout token is accepted longer after it was made, so its `jti` need not be remembered longer; seconds. */
const longestMemory = 720;

interface Seen {
  readonly token: string;
}

/** A provider tells us directly that its session is over (Back-Channel Logout 1.0 2.5 to 2.8). */
export class BackChannelLogouts {
  constructor(private readonly parts: BackChannelLogoutParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedUpParty(this.parts.config, request);
    if (!addressed.ok) {
      if (addressed.error.error === 'temporarily_unavailable') return unavailable;
      return sendJson({ error: 'not_found', error_description: 'there is no such up-party' }, { status: 404 });
    }
    const place = addressed.value;
    const text = formText(request.content);
    if (text === undefined) return refused('the body is not a form', 415);
    if (!place.party.backchannel_logout) return refused('back-channel logout is off for this up-party');
    const { values, repeated, unusable } = parseParameters(text);
    const token = values.get('logout_token');
    if (unusable !== undefined || repeated.length > 0 || token === undefined)
      return refused('one logout_token is required');
    const notice = await this.read(place, token);
    if (!notice.ok) return this.answerUnread(request, notice.error);
    return this.once(request, place, { token, notice: notice.value });
  }

  private answerUnread(request: HttpRequest, { away, detail }: { away: boolean; detail: string }): HttpAnswer {
    request.logger.info({ detail }, 'a logout token was refused');
    return away ? unavailable : refused('the logout token is not valid');
  }

  private async read(
    place: UpPartyInTrack,
    token: string,
  ): Promise<Outcome<LogoutNotice, { away: boolean; detail: string }>> {
    const provider = await this.parts.providers.of(place);
    if (!provider.ok) return fail({ away: true, detail: provider.error.detail });
    const verify = ({ keys, algs, issuers }: Provider) =>
      verifyLogoutToken(token, {
        keys,
        algs,
        issuers,
        client_id: clientIdOf(place.party),
        now: this.parts.now(),
      });
    const notice = await this.parts.providers.check(place, provider.value, verify);
    return notice.ok ? notice : fail({ away: false, detail: `${notice.error.code}: ${notice.error.message}` });
  }

  /**
   * A token acts once. A provider that got no answer sends the same notice again, signed anew: that one is thanked for and
   * does nothing, so that it cannot end what has begun since.
   */
  private async once(
    request: HttpRequest,
    place: UpPartyInTrack,
    { token, notice }: { token: string; notice: LogoutNotice },
  ): Promise<HttpAnswer> {
    const key = replayKey(place, notice);
    const seen: Seen = { token: digest(token) };
    const ttl = Math.min(Math.max(notice.remember_until - this.parts.now(), 1), longestMemory);
    if (!(await this.parts.items.putIfAbsent(key, seen, ttl))) {
      const before = await this.parts.items.get<Seen>(key);
      return before?.value.token === seen.token ? refused('the logout token was used already') : done();
    }
    const { iss, sid, sub } = notice;
    const above = { issuer: iss, ...(sid !== undefined && { sid }), ...(sub !== undefined && { sub }) };
    const ended = await endSessionsAbove(this.parts.bus, place, above, request.messageContext);
    if (!ended.ok) {
      // Nothing was promised yet: the provider shall be able to say it again.
      await this.parts.items.remove(key);
      return unavailable;
    }
    await nobodyLooks(this.parts.bus, place.view.tenant, ended.value, request.messageContext);
    return done();
  }
}

const digest = (text: string): string => hash('sha256', text, 'base64url');

const replayKey = ({ view, party }: UpPartyInTrack, { iss, jti }: LogoutNotice): string =>
  `oidc-logout/${view.tenant}/${view.track}/${party.name}/${digest(JSON.stringify([iss, jti]))}`;

/** Back-Channel Logout 1.0 2.8. */
const done = (): HttpAnswer => sendJson({}, { status: 200 });

const refused = (error_description: string, status = 400): HttpAnswer =>
  sendJson({ error: 'invalid_request', error_description }, { status });

const unavailable = sendJson({ error: 'temporarily_unavailable' }, { status: 503, headers: { 'retry-after': '2' } });
