import { ok, type Outcome } from '@corsac/outcome';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';
import { askForTokens, type Tokens } from './ask-for-tokens.js';
import { loginsAt, replaced, withoutLogin, type CredentialsFile, type Login, type Place } from './credentials-file.js';

/** A token is renewed this long before it ends, so that a request that takes its time still has a good one. Milliseconds. */
const aheadMs = 30_000;

const again = { mend: 'Run corsac login.' };

/** A login with the tokens that it was given now; a refresh token that did not come anew stays. RFC 6749 6. */
export const withTokens = <T extends Omit<Login, 'access_token' | 'expires_ms'>>(
  login: T,
  { access_token, expires_in, refresh_token }: Tokens,
  nowMs: number,
): T & Login => ({
  ...login,
  access_token,
  expires_ms: nowMs + expires_in * 1000,
  ...(refresh_token !== undefined && { refresh_token }),
});

const isGood = ({ access_token, expires_ms }: Login, nowMs: number, declined: string | undefined): boolean =>
  access_token !== declined && nowMs + aheadMs < expires_ms;

/**
 * The access token of a login, renewed when it is about to end. A refresh token is good once (RFC 9700 4.14.2), so processes
 * renew one after the other, and who comes second takes what the first was given.
 * @param declined a token that was not accepted
 */
export const renewLogin = async (
  machine: Pick<Machine, 'fetch' | 'nowMs'>,
  file: CredentialsFile,
  at: Required<Place>,
  declined?: string,
): Promise<Outcome<string, Problem>> => {
  const seen = await file.read();
  if (!seen.ok) return seen;
  const [known] = loginsAt(seen.value, at);
  if (known && isGood(known, machine.nowMs(), declined)) return ok(known.access_token);
  return file.change<string>(async (logins) => {
    const [login] = loginsAt(logins, at);
    if (!login) return { result: refused('the login is gone', again) };
    if (isGood(login, machine.nowMs(), declined)) return { result: ok(login.access_token) };
    const { refresh_token, client_id, token_endpoint } = login;
    if (refresh_token === undefined) return { result: refused('the login has ended', again) };
    const form = { grant_type: 'refresh_token', refresh_token, client_id };
    const given = await askForTokens(machine, token_endpoint, form);
    if (given.ok) {
      const renewed = withTokens(login, given.value, machine.nowMs());
      return { logins: replaced(logins, renewed), result: ok(renewed.access_token) };
    }
    if (given.error.kind === 'away') return { result: { ok: false, error: given.error.problem } };
    return { logins: withoutLogin(logins, at), result: refused(`the login has ended: ${given.error.told}`, again) };
  });
};
