import { ok, type Outcome } from '@corsac/outcome';
import type { Client } from '../client/client.js';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { resolveTargets } from '../scopes/audience.js';
import { grantScopes, type ScopeGrant } from '../scopes/grant-scopes.js';
import { parseScope } from '../scopes/scope-text.js';

/** Figures of the device grant, seconds. RFC 8628 3.2, 3.5. */
export const deviceGrant = { lifetime: 600, interval: 5, slowDown: 5, slowestInterval: 60 } as const;

/** State of one device code. Times in unix seconds. */
export interface DeviceState {
  readonly client_id: string;
  readonly status: 'pending' | 'approved' | 'denied' | 'redeemed';
  readonly expires_at: number;
  /** Least seconds between two polls. */
  readonly interval: number;
  readonly last_polled_at?: number;
}

/** What the answer to a device authorization request holds. RFC 8628 3.2. */
export interface DeviceAuthorizationResponse {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

/**
 * The scopes a device asks for; a user will stand behind them. RFC 8628 3.1.
 * @returns what is granted, or `invalid_scope` or `invalid_target`
 */
export const grantToDevice = (
  parameters: Parameters,
  client: Client,
  track: string,
): Outcome<ScopeGrant, OAuthError> => {
  const scope = parseScope(parameters.values.get('scope'));
  if (!scope.ok) return scope;
  const targets = resolveTargets(parameters.lists.resource, client, track);
  return targets.ok ? grantScopes(client, { scope: scope.value, targets: targets.value }) : targets;
};

/** Builds the answer. @param verification_uri address of the track's device page */
export const deviceAuthorizationResponse = (
  codes: { device_code: string; user_code: string },
  verification_uri: string,
): DeviceAuthorizationResponse => ({
  ...codes,
  verification_uri,
  verification_uri_complete: `${verification_uri}?user_code=${encodeURIComponent(codes.user_code)}`,
  expires_in: deviceGrant.lifetime,
  interval: deviceGrant.interval,
});

/** Reads the poll; without device code it is an `invalid_request`. RFC 8628 3.4. */
export const readDeviceRequest = ({ values }: Parameters): Outcome<{ device_code: string }, OAuthError> => {
  const device_code = values.get('device_code');
  return device_code === undefined ? refuse('invalid_request', 'device_code is missing') : ok({ device_code });
};

/** What a poll means, and what to remember of it. */
export interface PollVerdict {
  readonly verdict: Outcome<'approved', OAuthError>;
  readonly remember: Pick<DeviceState, 'interval' | 'last_polled_at'>;
}

/**
 * Judges one poll. Too early adds five seconds to the interval for good; an approved code still has to be taken by one atomic
 * step before tokens are made. RFC 8628 3.5.
 * @param state what the store has; nothing for an unknown code
 */
export const judgePoll = (state: DeviceState | undefined, client_id: string, now: number): PollVerdict => {
  if (!state || state.client_id !== client_id || state.status === 'redeemed') {
    return {
      verdict: refuse('invalid_grant', 'the device code is not valid'),
      remember: { interval: deviceGrant.interval },
    };
  }
  const { interval, last_polled_at } = state;
  const remember = { interval, last_polled_at: now };
  if (state.expires_at <= now) return { verdict: refuse('expired_token', 'the device code has expired'), remember };
  if (last_polled_at !== undefined && now - last_polled_at < interval) {
    const slower = Math.min(interval + deviceGrant.slowDown, deviceGrant.slowestInterval);
    return { verdict: refuse('slow_down', 'poll more slowly'), remember: { ...remember, interval: slower } };
  }
  if (state.status === 'denied') return { verdict: refuse('access_denied', 'the user refused'), remember };
  return state.status === 'approved'
    ? { verdict: ok('approved'), remember }
    : { verdict: refuse('authorization_pending', 'the user has not answered yet'), remember };
};
