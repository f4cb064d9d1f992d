import { signingAlgs, verifyClientAssertion, type ClientAssertion, type JwtError } from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { checkAuthMethod, refuse, type OAuthError, type PresentedClient } from '@corsac/oauth';
import type { AddressedParty } from '../party/addressed-party.js';
import type { OnceOnly } from '../replay/once-only.js';
import type { SecretChecker } from './check-secret.js';
import type { ClientKeys } from './client-keys.js';

const failed = (detail: string) => refuse('invalid_client', 'client authentication failed', detail);

/**
 * Proves that a request comes from its party. What is wrong is never told, and an unknown party, a wrong secret and a wrong method
 * take the same time.
 */
export class ClientAuthenticator {
  constructor(
    private readonly secrets: SecretChecker,
    private readonly keys: ClientKeys,
    private readonly once: OnceOnly,
  ) {}

  /** @param party nothing when the address names none @throws StoreUnavailable */
  authenticate(
    presented: PresentedClient,
    party: AddressedParty | undefined,
    now: number,
  ): Outcome<void, OAuthError> | Promise<Outcome<void, OAuthError>> {
    if (presented.method === 'none') return party ? checkAuthMethod(presented, party.client) : failed('unknown party');
    if (presented.method === 'private_key_jwt') return this.checkAssertion(presented.client_assertion, party, now);
    const method = party ? checkAuthMethod(presented, party.client) : failed('unknown party');
    const verdict = this.secrets.check(presented.client_secret, party && method.ok ? party.client.secrets : [], party);
    if (!method.ok) return method;
    return typeof verdict === 'string' ? this.judge(verdict) : verdict.then((value) => this.judge(value));
  }

  private judge(verdict: 'right' | 'wrong' | 'busy'): Outcome<void, OAuthError> {
    if (verdict === 'busy') return refuse('temporarily_unavailable', 'try again in a moment', 'too many hashes wait');
    return verdict === 'right' ? ok() : failed('wrong secret');
  }

  /** RFC 7523 3. The audience is any name by which the client may know us; the `jti` counts once. */
  private async checkAssertion(
    assertion: string,
    party: AddressedParty | undefined,
    now: number,
  ): Promise<Outcome<void, OAuthError>> {
    if (!party) return failed('unknown party');
    const method = checkAuthMethod(
      { method: 'private_key_jwt', client_id: party.client.name, client_assertion: assertion },
      party.client,
    );
    if (!method.ok) return method;
    let checked = await this.verify(assertion, party, { now, again: false });
    if (!checked.ok && checked.error.code === 'unknown_kid')
      checked = await this.verify(assertion, party, { now, again: true });
    if (!checked.ok) return failed(`${checked.error.code}: ${checked.error.message}`);
    const { jti, remember_until } = checked.value;
    const seen = { kind: 'assertion', sender: party.client.name, id: jti, until: remember_until } as const;
    return (await this.once.isNew(party.name, seen, now)) ? ok() : failed('the assertion was used before');
  }

  private async verify(
    assertion: string,
    party: AddressedParty,
    { now, again }: { readonly now: number; readonly again: boolean },
  ): Promise<Outcome<ClientAssertion, JwtError>> {
    const keys = await this.keys.keysOf(party.client, again);
    if (!keys.ok) return { ok: false, error: { code: 'no_usable_key', message: keys.error } };
    const client_id = party.client.name;
    return verifyClientAssertion(assertion, {
      client_id,
      keys: keys.value,
      algs: signingAlgs,
      audiences: audiencesOf(party),
      now,
    });
  }
}

const endpoints = ['token', 'introspect', 'revoke', 'par', 'device_authorization'];

/** The issuer, and each endpoint that takes an assertion, by the address as it was used and by the party's bare one. */
const audiencesOf = ({ issuers, client }: AddressedParty): string[] => {
  const bare = `${issuers.track}/${client.name}`;
  const parties = bare === issuers.party ? [bare] : [bare, issuers.party];
  return [
    issuers.track,
    ...parties.flatMap((party) => [party, ...endpoints.map((endpoint) => `${party}/oauth/${endpoint}`)]),
  ];
};
