import { judgePoll, readDeviceRequest, refuse } from '@corsac/oauth';
import { deviceIdOf, type DeviceStore } from '../devices/device-store.js';
import type { EndedMemory } from '../ended/ended-memory.js';
import type { RefreshGrants } from '../refresh-grants/refresh-grants.js';
import type { Grant } from './grant.js';
import { beginOrder } from './sign-in-order.js';

export interface DeviceCodeParts {
  readonly devices: DeviceStore;
  readonly memory: Pick<EndedMemory, 'has'>;
  readonly refreshGrants: RefreshGrants;
}

const invalid = () => refuse('invalid_grant', 'the device code is not valid');

/** RFC 8628 3.4, 3.5. An allowed code is taken in one step before anything is made of it. */
export const deviceCode =
  ({ devices, memory, refreshGrants }: DeviceCodeParts): Grant =>
  async (request) => {
    const { party, parameters, now } = request;
    const asked = readDeviceRequest(parameters);
    if (!asked.ok) return asked;
    const device_id = deviceIdOf(asked.value.device_code);
    const item = await devices.find(party.name, device_id);
    const { verdict, remember } = judgePoll(item?.value, party.client.name, now);
    if (!verdict.ok) {
      // A poll that another one overtook need not be noted.
      const isOwn = item?.value.client_id === party.client.name;
      if (item && isOwn)
        await devices.change(party.name, device_id, { ...item, value: { ...item.value, ...remember } }, now);
      return verdict;
    }
    const taken = await devices.take(party.name, device_id);
    if (taken.state !== 'taken' || !taken.value.grant) return invalid();
    const { grant } = taken.value;
    if (memory.has(party.name.tenant, party.name.track, { sid: grant.sid })) return invalid();
    return beginOrder(grant, request, { scopes: grant.scopes, refreshGrants });
  };
