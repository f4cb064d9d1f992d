import { hash } from 'node:crypto';
import type { Item, ItemStore, Taken } from '@corsac/data';
import type { DeviceState, ScopeGrant } from '@corsac/oauth';
import type { TrackName } from '../keys/key-store.js';
import type { SignInGrant } from '../refresh-grants/grant-store.js';

/** A device's request while it is open. */
export interface DeviceRequest extends DeviceState {
  readonly user_code: string;
  /** Issuer of the sign-in to come: the address by which the device asked. */
  readonly issuer: string;
  readonly scopes: ScopeGrant;
  /** Up-parties that the user may sign in by. */
  readonly up_parties: readonly string[];
  /** Once the user has allowed it. */
  readonly grant?: SignInGrant;
}

const digest = (text: string): string => hash('sha256', text, 'base64url');
const requestKey = ({ tenant, track }: TrackName, device_id: string): string =>
  `device/${tenant}/${track}/${device_id}`;
const userKey = ({ tenant, track }: TrackName, user_code: string): string =>
  `user-code/${tenant}/${track}/${user_code}`;

/** What a device code is called where it must not be known: on the bus, in the store and at the user's page. */
export const deviceIdOf = (device_code: string): string => digest(`device ${device_code}`);

/** A finished request is remembered so long, so that the device's next poll is told what became of it. Seconds. */
const afterwards_s = 60;

/** Device requests, found by the device with its secret code and by the user with the short one. All reject with `StoreUnavailable`. */
export class DeviceStore {
  constructor(private readonly items: Pick<ItemStore, 'putIfAbsent' | 'put' | 'get' | 'replace' | 'take' | 'remove'>) {}

  /** @returns false when the user code is in use: draw another */
  async keep(
    name: TrackName,
    device_id: string,
    kept: { request: DeviceRequest; lifetime_s: number },
  ): Promise<boolean> {
    const { request, lifetime_s } = kept;
    const isFree = await this.items.putIfAbsent(userKey(name, request.user_code), { device_id }, lifetime_s);
    if (isFree) await this.items.put(requestKey(name, device_id), request, lifetime_s + afterwards_s);
    return isFree;
  }

  async find(name: TrackName, device_id: string): Promise<Item<DeviceRequest> | undefined> {
    return this.items.get<DeviceRequest>(requestKey(name, device_id));
  }

  async idOf(name: TrackName, user_code: string): Promise<string | undefined> {
    return (await this.items.get<{ device_id: string }>(userKey(name, user_code)))?.value.device_id;
  }

  /** Writes a change of what was read; false when somebody else was first. `now` in unix seconds. */
  change(name: TrackName, device_id: string, item: Item<DeviceRequest>, now: number): Promise<boolean> {
    const ttl = Math.max(1, item.value.expires_at - now + afterwards_s);
    return this.items.replace(requestKey(name, device_id), item.value, { version: item.version, ttl });
  }

  /** The user's word was given: the short code is worth nothing from here on. */
  async closeUserCode(name: TrackName, user_code: string): Promise<void> {
    await this.items.remove(userKey(name, user_code));
  }

  /** Takes an allowed request: of any number of polls one gets it. */
  take(name: TrackName, device_id: string): Promise<Taken<DeviceRequest>> {
    return this.items.take<DeviceRequest>(requestKey(name, device_id), { spent: 'redeemed', spentTtl: afterwards_s });
  }
}
