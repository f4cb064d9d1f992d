import type { Answer, decideDeviceRequest, findDeviceRequest } from '@corsac/contracts';
import { normaliseUserCode } from '@corsac/oauth';
import { fail, ok } from '@corsac/outcome';
import { randomName } from '@corsac/random';
import type { z } from 'zod';
import type { DeviceRequest, DeviceStore } from './device-store.js';

type FindAnswer = Answer<z.infer<typeof findDeviceRequest.response>, 'unknown_or_used'>;
type DecideAnswer = Answer<z.infer<typeof decideDeviceRequest.response>, 'unknown_or_used'>;

const unknown = fail({ refusal: 'unknown_or_used' as const });
/** Polls write as well: so often the decision is tried against them. */
const attempts = 10;

/** The user's side of the device grant: what is asked, and the one word on it. All methods reject with `StoreUnavailable`. */
export class DeviceDecisions {
  constructor(
    private readonly store: DeviceStore,
    private readonly nowMs: () => number,
  ) {}

  async find({ tenant, track, user_code }: z.infer<typeof findDeviceRequest.request>): Promise<FindAnswer> {
    const code = normaliseUserCode(user_code);
    const device_id = code && (await this.store.idOf({ tenant, track }, code));
    const item = device_id ? await this.store.find({ tenant, track }, device_id) : undefined;
    if (!device_id || !item || !this.isOpen(item.value)) return unknown;
    const { client_id, issuer, scopes, up_parties } = item.value;
    return ok({ device_id, client_id, issuer, scope: scopes.scope.join(' '), up_parties: [...up_parties] });
  }

  /** Once: whoever comes second finds it used, however close behind. */
  async decide({
    tenant,
    track,
    device_id,
    decision,
  }: z.infer<typeof decideDeviceRequest.request>): Promise<DecideAnswer> {
    const name = { tenant, track };
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const item = await this.store.find(name, device_id);
      if (!item || !this.isOpen(item.value)) return unknown;
      const value = this.decided(item.value, decision);
      if (!value) return unknown;
      if (!(await this.store.change(name, device_id, { ...item, value }, this.now))) continue;
      await this.store.closeUserCode(name, value.user_code);
      return ok({});
    }
    return unknown;
  }

  private isOpen({ status, expires_at }: DeviceRequest): boolean {
    return status === 'pending' && expires_at > this.now;
  }

  private get now(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  /** The grant is about the sign-in; client, issuer and scopes are those that the user saw. */
  private decided(
    request: DeviceRequest,
    decision: z.infer<typeof decideDeviceRequest.request>['decision'],
  ): DeviceRequest | undefined {
    if (decision.kind === 'deny') return { ...request, status: 'denied' };
    const { client_id, issuer, scopes } = request;
    if (decision.grant.client_id !== client_id) return undefined;
    const grant = { ...decision.grant, client_id, issuer, scopes: { ...scopes }, grant_id: randomName(16) };
    return { ...request, status: 'approved', grant };
  }
}
