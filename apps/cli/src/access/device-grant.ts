import { fail, ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { send, strange } from '../api/send.js';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';
import { askForTokens, type Tokens } from './ask-for-tokens.js';

const authorization = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1).max(100),
  verification_uri: z.url(),
  verification_uri_complete: z.url().optional(),
  expires_in: z.number().positive(),
  // RFC 8628 3.2: 5 seconds when nothing is said.
  interval: z.number().positive().default(5),
});
export type DeviceAuthorization = z.output<typeof authorization>;

/** What is asked for, and by whom. */
export interface DeviceClient {
  readonly client_id: string;
  readonly token_endpoint: string;
}

/** Begins a sign-in for which a person goes to a browser. RFC 8628 3.1, 3.2. */
export const beginDeviceGrant = async (
  machine: Pick<Machine, 'fetch'>,
  endpoint: string,
  { client_id, scope }: { readonly client_id: string; readonly scope: string },
): Promise<Outcome<DeviceAuthorization, Problem>> => {
  const body = new URLSearchParams({ client_id, scope });
  const answer = await send(machine, endpoint, { method: 'POST', body });
  if (!answer.ok) return answer;
  const read = authorization.safeParse(answer.value.json);
  if (answer.value.status === 200 && read.success) return ok(read.data);
  const told = z.object({ error: z.string(), error_description: z.string().optional() }).safeParse(answer.value.json);
  return told.success
    ? refused(`the sign-in is refused: ${told.data.error_description ?? told.data.error}`)
    : strange(endpoint, answer.value);
};

/** Seconds more between polls after each `slow_down`. RFC 8628 3.5. */
const slower = 5;
const slowest = 60;

const over = refused('nobody signed in in time', { mend: 'Run corsac login again.' });

/**
 * Asks until the person has signed in, refused, or let the time pass. RFC 8628 3.5: never sooner than the interval, five seconds
 * slower for good after `slow_down`, and half as often after each time that the server was not reached.
 */
export const pollForTokens = async (
  machine: Pick<Machine, 'fetch' | 'sleep' | 'nowMs'>,
  { client_id, token_endpoint }: DeviceClient,
  { device_code, expires_in, interval }: DeviceAuthorization,
): Promise<Outcome<Tokens, Problem>> => {
  const ends = machine.nowMs() + expires_in * 1000;
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, client_id };
  for (let wait = interval; ;) {
    if (machine.nowMs() + wait * 1000 >= ends) return over;
    await machine.sleep(wait * 1000);
    const given = await askForTokens(machine, token_endpoint, form);
    if (given.ok) return given;
    if (given.error.kind === 'away') wait = Math.min(wait * 2, slowest);
    else if (given.error.error === 'slow_down') wait += slower;
    else if (given.error.error !== 'authorization_pending') return ended(given.error.error, given.error.told);
  }
};

const ended = (error: string, told: string): Outcome<never, Problem> => {
  if (error === 'expired_token') return over;
  if (error === 'access_denied') return refused('the person at the browser did not allow it');
  return fail({ message: `the sign-in is refused: ${told}` });
};
