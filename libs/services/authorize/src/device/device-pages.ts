import { findDeviceRequest, type Bus } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { z } from 'zod';
import {
  accountForm,
  accountScene,
  openAccountPlace,
  readAccountForm,
  type AccountPlace,
} from '../account/account-place.js';
import { sendJourney, sendPage, sendPageError } from '../edge/edge.js';
import { userCodePage } from '../pages/device/user-code-page.js';
import type { Dispatcher } from '../sequence/dispatch.js';
import { Journey, type JourneyParts } from '../sequence/journey.js';
import type { Frame } from '../sequence/sequence.js';
import { lookParty } from '../sign-in/journey-scene.js';
import type { CodeGuesses } from './count-guesses.js';
import type { DeviceAsks } from './device-down-party.js';

export interface DevicePagesParts extends JourneyParts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly dispatcher: Dispatcher;
  readonly guesses: CodeGuesses;
  readonly base_url: string;
}

type Found = z.infer<typeof findDeviceRequest.response>;

/** What the form's anti-forgery value is about. */
const subject = 'user code';
/** The contract takes no longer one, and none is as long. */
const longestCode = 20;

/** `/{tenant}/{track}/device`: where the user types the code that a device shows, and the sign-in for it begins (RFC 8628 3.3). */
export class DevicePages {
  constructor(private readonly parts: DevicePagesParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const opened = await openAccountPlace(this.parts, request);
    if (!opened.ok) return opened.error;
    const place = opened.value;
    if (request.method !== 'POST') {
      // RFC 8628 3.3.1: the code of the address is shown and asked about, never taken.
      const code = new URLSearchParams(request.rawQuery).get('user_code') ?? '';
      return this.show(place, { code: code.slice(0, longestCode), comes_with_address: code !== '' });
    }
    const form = readAccountForm(place, subject);
    if (!form.ok) return form.error;
    const code = form.value.trimmed('user_code');
    if (code === '') return this.show(place, { error: 'code_missing' });
    const found = await this.find(place, code);
    return found.ok ? this.begin(place, found.value) : found.error;
  }

  private show(
    place: AccountPlace,
    parts: { code?: string; comes_with_address?: boolean; error?: 'code_missing' | 'code_wrong' },
  ): HttpAnswer {
    const { view, browser } = place;
    const look = lookParty(
      view,
      view.upParties.map(({ name }) => name),
    );
    const page = userCodePage(accountScene(place, look), { place: accountForm(place, subject), ...parts });
    return sendPage(page, browser.cookies);
  }

  private async find(place: AccountPlace, user_code: string): Promise<Outcome<Found, HttpAnswer>> {
    const { view, request } = place;
    const { bus, guesses } = this.parts;
    if (!(await guesses.mayTry(view, request.clientIp)))
      return fail(sendPageError(request, 'too_many_requests', { view }));
    const wrong = (): Outcome<Found, HttpAnswer> =>
      fail(this.show(place, { code: user_code.slice(0, longestCode), error: 'code_wrong' }));
    if (user_code.length > longestCode) return wrong();
    const { tenant, track } = view;
    const found = await bus.ask(findDeviceRequest, { tenant, track, user_code }, request.messageContext);
    if (!found.ok && found.error.refusal !== 'unavailable') return wrong();
    await guesses.forget(view, request.clientIp);
    return found.ok ? ok(found.value) : fail(sendPageError(request, 'temporarily_unavailable', { view }));
  }

  private async begin({ view, browser, request }: AccountPlace, found: Found): Promise<HttpAnswer> {
    const party = view.downParty(found.client_id);
    if (party?.type !== 'oidc' && party?.type !== 'oauth2') return sendPageError(request, 'unknown_party', { view });
    request.note({ party: party.name });
    const scope = found.scope.split(' ').filter((word) => word !== '');
    const asks: DeviceAsks = { device: { device_id: found.device_id, scope } };
    const frame: Frame = {
      track: view.track,
      down: { party: party.name, type: party.type, issuer: found.issuer, request: asks },
      login: { up_parties: found.up_parties, prompt: [], acr_values: [], mfa: false, ui_locales: [] },
    };
    const journey = Journey.begin(this.parts, { browser, request }, { view, frame });
    return sendJourney(request, browser, this.parts.dispatcher.dispatch(journey));
  }
}
