import { parseJwks, signingAlgs, type VerificationKey } from '@corsac/jwt';
import type { OidcUpParty } from '@corsac/model';
import { discoveryUrlOf, maxMetadataBytes, readProviderMetadata } from '@corsac/oidc';
import type { OutboundClient, OutboundError } from '@corsac/outbound';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Provider, ProviderMiss } from './provider.js';

/** Milliseconds for one document; a user waits for it. */
const timeout_ms = 2_500;
const maxKeyBytes = 256 * 1024;

type Get = Pick<OutboundClient, 'get'>;
type Endpoints = Pick<
  Provider,
  'authorization_endpoint' | 'token_endpoint' | 'userinfo_endpoint' | 'end_session_endpoint'
>;

/** Reads what an up-party's provider is now: two documents in automatic mode, at most the keys in manual mode. */
export const readProvider = (outbound: Get, party: OidcUpParty): Promise<Outcome<Provider, ProviderMiss>> =>
  party.update_state === 'manual' || party.authority === undefined
    ? readManual(outbound, party)
    : discover(outbound, party, party.authority);

/** True when nothing is fetched for it at all. */
export const isWrittenByHand = (party: OidcUpParty): boolean => party.update_state === 'manual' && !!party.jwks;

const readManual = async (outbound: Get, party: OidcUpParty): Promise<Outcome<Provider, ProviderMiss>> => {
  const keys = party.jwks ? keysIn(party.jwks) : await readKeys(outbound, party.jwks_uri);
  if (!keys.ok) return keys;
  const { issuers } = party;
  return ok({
    answering: issuers,
    issuers,
    ...endpointsOf(party, party),
    algs: signingAlgs,
    keys: keys.value,
    iss_required: false,
  });
};

const discover = async (
  outbound: Get,
  party: OidcUpParty,
  authority: string,
): Promise<Outcome<Provider, ProviderMiss>> => {
  const document = await readJson(outbound, discoveryUrlOf(authority), maxMetadataBytes);
  if (!document.ok) return document;
  const metadata = readProviderMetadata(document.value, authority, party.issuers);
  if (!metadata.ok) return unusable(metadata.error);
  const keys = await readKeys(outbound, metadata.value.jwks_uri);
  if (!keys.ok) return keys;
  const { issuer, id_token_algs, authorization_response_iss_parameter_supported } = metadata.value;
  return ok({
    answering: [issuer],
    issuers: [...new Set([issuer, ...party.issuers])],
    ...endpointsOf(metadata.value, party),
    algs: id_token_algs,
    keys: keys.value,
    iss_required: authorization_response_iss_parameter_supported,
  });
};

/** What is written down overrules what was found. */
const endpointsOf = (found: Endpoints, written: Endpoints): Endpoints => ({
  authorization_endpoint: written.authorization_endpoint ?? found.authorization_endpoint,
  token_endpoint: written.token_endpoint ?? found.token_endpoint,
  userinfo_endpoint: written.userinfo_endpoint ?? found.userinfo_endpoint,
  end_session_endpoint: written.end_session_endpoint ?? found.end_session_endpoint,
});

const readKeys = async (
  outbound: Get,
  uri: string | undefined,
): Promise<Outcome<readonly VerificationKey[], ProviderMiss>> => {
  if (uri === undefined) return unusable('there is no address of the key set');
  const document = await readJson(outbound, uri, maxKeyBytes);
  return document.ok ? keysIn(document.value) : document;
};

const keysIn = (document: unknown): Outcome<readonly VerificationKey[], ProviderMiss> => {
  const keys = parseJwks(document);
  if (!keys.ok) return unusable(keys.error.message);
  return keys.value.length > 0 ? keys : unusable('the key set holds no usable key');
};

const readJson = async (outbound: Get, url: string, max_bytes: number): Promise<Outcome<unknown, ProviderMiss>> => {
  const headers = { accept: 'application/json' };
  const answer = await outbound.get(url, { timeout_ms, max_bytes, headers });
  if (!answer.ok) return fail(missOf(answer.error));
  const { status } = answer.value;
  if (status !== 200)
    return fail({ kind: isPassing(status) ? 'away' : 'unusable', detail: `${url}: status ${status}` });
  return ok(answer.value.json());
};

/** Statuses that say nothing about the provider but that it is in trouble now. */
export const isPassing = (status: number): boolean => status >= 500 || status === 429;

/** A provider that cannot be reached may come back; an address or answer that is refused stays refused. */
export const missOf = ({ kind, detail }: OutboundError): ProviderMiss => ({
  kind: kind === 'unreachable' || kind === 'timeout' ? 'away' : 'unusable',
  detail: `${kind}: ${detail}`,
});

const unusable = (detail: string) => fail<ProviderMiss>({ kind: 'unusable', detail });
