import { randomBytes } from 'node:crypto';
import { sendJson } from '@corsac/http';
import { canSignInUsers, resolveBinding, trackAddresses } from '@corsac/model';
import {
  deviceAuthorizationResponse,
  deviceGrant,
  grantToDevice,
  noStore,
  refuse,
  signInIssuer,
  userCodeOf,
} from '@corsac/oauth';
import { ok } from '@corsac/outcome';
import { randomName } from '@corsac/random';
import type { DirectWork } from '../direct-endpoint/direct-endpoint.js';
import type { AddressedParty } from '../party/addressed-party.js';
import { deviceIdOf, type DeviceRequest, type DeviceStore } from './device-store.js';

const attempts = 5;

/** RFC 8628 3.1, 3.2: gives a device its codes and remembers what it asks for. */
export const beginDevice =
  (store: DeviceStore, base: string): DirectWork =>
  async ({ party, parameters, now }) => {
    const { client, name, issuers } = party;
    if (!client.grant_types.includes('urn:ietf:params:oauth:grant-type:device_code')) {
      return refuse('unauthorized_client', 'the device grant is not allowed for the client');
    }
    const scopes = grantToDevice(parameters, client, issuers.track);
    if (!scopes.ok) return scopes;
    const up_parties = signInParties(party);
    if (up_parties.length === 0) return refuse('invalid_request', 'no up-party of this address can sign users in');
    const device_code = randomName(32);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const user_code = userCodeOf(randomBytes(16));
      const request: DeviceRequest = {
        client_id: client.name,
        status: 'pending',
        expires_at: now + deviceGrant.lifetime,
        interval: deviceGrant.interval,
        user_code,
        issuer: signInIssuer(client, issuers),
        scopes: scopes.value,
        up_parties,
      };
      if (!(await store.keep(name, deviceIdOf(device_code), { request, lifetime_s: deviceGrant.lifetime }))) continue;
      const answer = deviceAuthorizationResponse({ device_code, user_code }, trackAddresses({ base, ...name }).device);
      return ok(sendJson(answer, { headers: noStore }));
    }
    return refuse('temporarily_unavailable', undefined, 'no free user code was found');
  };

const signInParties = ({ client, view, upParties }: AddressedParty): readonly string[] => {
  const usable = (name: string): boolean => {
    const party = view.upParty(name);
    return party !== undefined && canSignInUsers(party);
  };
  const resolved = resolveBinding(client.allow_up_parties, upParties, usable);
  return resolved.ok ? resolved.value.upParties : [];
};
