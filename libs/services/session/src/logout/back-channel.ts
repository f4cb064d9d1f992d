import { signLogoutToken, type Bus, type DeliveryInfo, type MessageContext } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { OutboundClient } from '@corsac/outbound';
import type { BackChannelReceipt, LogoutStore } from './logout-store.js';
import { askBySoap } from './soap.js';

interface Parts {
  readonly logouts: LogoutStore;
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly outbound: OutboundClient;
  readonly now: () => number;
}

/** One application is given this long to answer, milliseconds. */
const timeoutMs = 5_000;

/** An attempt that did not succeed; the bus delivers again, later. */
export class NotTold extends Error {
  override readonly name = 'NotTold';
}

/**
 * One attempt to tell one application directly that a session is over: by a logout token (OIDC Back-Channel Logout 2.5), or
 * a SAML one by a LogoutRequest over SOAP. The token is signed anew each time with the same `jti`: an application that did
 * hear the last one may know this one by it.
 */
export class BackChannelLogout {
  constructor(private readonly parts: Parts) {}

  /** Returns when the receipt is final; rejects with `NotTold` to be asked again. The last delivery leaves it `dead`. */
  async tell(
    wanted: { tenant: string; job_id: string; receipt_id: string },
    delivery: DeliveryInfo,
    maxDeliveries: number,
  ): Promise<void> {
    const receipt = await this.parts.logouts.receipt(wanted.job_id, wanted.receipt_id);
    if (!receipt || receipt.state === 'told' || receipt.state === 'dead') return;
    const failure =
      receipt.channel === 'soap'
        ? await askBySoap(this.parts, receipt, { timeout_ms: timeoutMs, context: delivery.context })
        : await this.attempt(receipt, delivery.context);
    const at = this.parts.now();
    if (failure === undefined) return this.parts.logouts.note(receipt.receipt_id, { state: 'told', at });
    const last = delivery.attempt >= maxDeliveries;
    await this.parts.logouts.note(receipt.receipt_id, { state: last ? 'dead' : 'failed', detail: failure, at });
    throw new NotTold(failure);
  }

  /** What went wrong, in words for an administrator, or nothing. */
  private async attempt(receipt: BackChannelReceipt, context: MessageContext | undefined): Promise<string | undefined> {
    const wanted = {
      tenant: receipt.tenant,
      track: receipt.track,
      client_id: receipt.party,
      issuer: receipt.issuer,
      jti: receipt.receipt_id,
      sid: receipt.sid,
      sub: receipt.sub,
    };
    const signed = await this.parts.bus.ask(signLogoutToken, wanted, context);
    if (!signed.ok) return `the logout token could not be signed: ${signed.error.refusal}`;
    const body = new URLSearchParams({ logout_token: signed.value.logout_token }).toString();
    const answer = await this.parts.outbound.post(receipt.uri ?? '', body, 'application/x-www-form-urlencoded', {
      timeout_ms: timeoutMs,
    });
    if (!answer.ok) return `no answer: ${answer.error.kind}`;
    // 2.8: 200 is success; 204 is what some frameworks make of an empty one.
    return answer.value.status === 200 || answer.value.status === 204
      ? undefined
      : `answered with status ${answer.value.status}`;
  }
}
