import { signUpstreamJwt, type Bus, type MessageContext } from '@corsac/contracts';
import type { Sealer } from '@corsac/data';
import { clientAssertionClaims, type ProviderCredentials } from '@corsac/oidc';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { randomName } from '@corsac/random';
import type { UpPartyInTrack } from '../provider/providers.js';
import { clientIdOf } from '../request/oidc-memory.js';

export interface CredentialParts {
  readonly bus: Bus;
  readonly sealer: Sealer;
  readonly now: () => number;
}

/** `away`: the token service, which signs, does not answer. `unreadable`: the secret is not there or does not open. */
export type NoCredentials = 'away' | 'unreadable';

/**
 * What proves us to the provider's token endpoint. A secret is opened for this one request; an assertion is signed by the
 * token service with the track's key, for this endpoint and for once (RFC 7523 3).
 */
export const credentialsFor = async (
  parts: CredentialParts,
  { view, party }: UpPartyInTrack,
  at: { token_endpoint: string; context: MessageContext },
): Promise<Outcome<ProviderCredentials, NoCredentials>> => {
  const { tenant, track } = view;
  const method = party.token_endpoint_auth_method;
  if (method === 'none') return ok({ method });
  if (method === 'private_key_jwt') {
    const time = { now: parts.now(), lifetime: party.client_assertion_lifetime };
    const jti = randomName(18);
    const claims = clientAssertionClaims(clientIdOf(party), at.token_endpoint, time, jti);
    const question = { tenant, track, use: 'client_assertion' as const, claims };
    const signed = await parts.bus.ask(signUpstreamJwt, question, at.context);
    return signed.ok ? ok({ method, client_assertion: signed.value.jwt }) : fail('away');
  }
  if (!party.client_secret) return fail('unreadable');
  const secret = parts.sealer.unsealText(party.client_secret.sealed, { purpose: 'up-party-secret', tenant, track });
  return secret.ok ? ok({ method, client_secret: secret.value }) : fail('unreadable');
};
