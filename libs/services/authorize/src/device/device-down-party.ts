import { decideDeviceRequest, type AuthorizationGrant, type Bus } from '@corsac/contracts';
import { trackAddresses } from '@corsac/model';
import type { DownPartyKind } from '../down-party/down-party.js';
import { askConsent } from '../down-party/oidc/consent.js';
import { grantOfSignIn } from '../down-party/oidc/grant-of-sign-in.js';
import { messagePage, type MessageParts } from '../pages/message-page.js';
import type { Journey } from '../sequence/journey.js';
import type { Frame, LoginFailed, LoginResult, SignedIn } from '../sequence/sequence.js';
import { away, type NextStep } from '../sequence/step.js';
import { journeyScene } from '../sign-in/journey-scene.js';
import { openSession } from '../sign-in/open-session.js';

/** What is remembered of a device's request until the user's word on it. */
export interface DeviceAsks {
  readonly device: { readonly device_id: string; readonly scope: readonly string[] };
  /** Set when the user has said yes. */
  readonly consented?: boolean;
}

const isOfDevice = (request: object): request is DeviceAsks => 'device' in request;

/** One kind for a client's two ways of asking: the request says whether a device or a redirect URI waits for the answer. */
export const orDevice = (codes: DownPartyKind, devices: DeviceDownPartyKind): DownPartyKind => ({
  type: codes.type,
  answer: (journey, frame, result) => (isOfDevice(frame.down.request) ? devices : codes).answer(journey, frame, result),
});

/**
 * A device that waits for the user's word (RFC 8628 3.3). The client stands behind it as behind any sign-in, so that it
 * hears of the session's end; the answer goes to the token service, and the browser ends on a page of ours.
 */
export class DeviceDownPartyKind implements DownPartyKind {
  /** A client without authorize endpoint asks in no other way; `orDevice` is for those that do. */
  readonly type = 'oauth2';

  constructor(private readonly bus: Bus) {}

  async answer(journey: Journey, frame: Frame, result: LoginResult): Promise<NextStep> {
    const { device, consented } = frame.down.request as DeviceAsks;
    if (!result.ok) return this.refused(journey, frame, result);
    // RFC 8628 5.4: whoever began it may be far away, so that no session answers without the user's yes.
    if (!consented) return { kind: 'page', page: askConsent(journey, frame, device.scope) };
    return this.allow(journey, frame, result);
  }

  private async allow(journey: Journey, frame: Frame, result: SignedIn): Promise<NextStep> {
    const { device } = frame.down.request as DeviceAsks;
    const party = journey.view(frame).downParty(frame.down.party);
    if (party?.type !== 'oidc' && party?.type !== 'oauth2')
      return this.failed(journey, frame, 'the client is no longer there');
    const session = await openSession(this.bus, journey, frame, { result });
    if (!session.ok) {
      if (session.error === 'unavailable') return away('session');
      return this.failed(journey, frame, 'the browser has too many sessions');
    }
    const grant = grantOfSignIn(journey, {
      party,
      issuer: frame.down.issuer,
      // What was asked is kept with the device's request, and counts there.
      scopes: { scope: device.scope, resources: [], resource_scope: false, targeted: false },
      result,
      session: session.value,
    });
    if (!grant.ok) return this.failed(journey, frame, grant.error);
    return this.decide(journey, frame, { kind: 'allow', grant: grant.value });
  }

  private async refused(journey: Journey, frame: Frame, error: LoginFailed): Promise<NextStep> {
    if (error.error === 'access_denied') return this.decide(journey, frame, { kind: 'deny' });
    return this.failed(journey, frame, `${error.error}: ${error.detail ?? error.error_description}`);
  }

  private async decide(
    journey: Journey,
    frame: Frame,
    decision: { kind: 'deny' } | { kind: 'allow'; grant: AuthorizationGrant },
  ): Promise<NextStep> {
    const { device } = frame.down.request as DeviceAsks;
    const place = { tenant: journey.sequence.tenant, track: frame.track };
    const decided = await this.bus.ask(
      decideDeviceRequest,
      { ...place, device_id: device.device_id, decision },
      journey.request.messageContext,
    );
    if (!decided.ok && decided.error.refusal === 'unavailable') return away('token');
    if (!decided.ok) return this.end(journey, frame, { ...gone, onward: again(journey, frame) });
    journey.request.logger.info({ decision: decision.kind, client_id: frame.down.party }, 'a device was decided on');
    return this.end(journey, frame, decision.kind === 'allow' ? allowed : denied);
  }

  /** Nothing was decided: the device waits on, and the user may try again with the same code. */
  private failed(journey: Journey, frame: Frame, detail: string): Promise<NextStep> {
    journey.request.logger.info({ detail }, 'the sign-in for a device was refused');
    return this.end(journey, frame, { ...failed, onward: again(journey, frame) });
  }

  private async end(journey: Journey, frame: Frame, message: MessageParts): Promise<NextStep> {
    return { kind: 'page', page: messagePage(journeyScene(journey, frame, undefined), message), ends: true };
  }
}

const allowed: MessageParts = { heading: 'device_allowed_title', text: 'device_allowed_text' };
const denied: MessageParts = { heading: 'device_denied_title', text: 'device_denied_text' };
const gone: MessageParts = { heading: 'error_heading', text: 'code_wrong', status: 400 };
const failed: MessageParts = { heading: 'error_heading', text: 'device_failed_text', status: 400 };

const again = ({ sequence }: Journey, { track }: Frame): { href: string; label: 'back' } => ({
  href: trackAddresses({ base: '', tenant: sequence.tenant, track }).device,
  label: 'back',
});
