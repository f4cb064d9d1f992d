import { fail, ok, type Outcome } from '@corsac/outcome';
import { formText, type HttpRequest } from '@corsac/http';
import { namedClient, presentedClient, readParameters, refuse, type OAuthError, type Parameters } from '@corsac/oauth';
import type { ClientAuthenticator } from '../client-authentication/authenticate-client.js';
import type { RequestBrake } from '../brakes/request-brake.js';
import type { AddressedParty, Addresses } from '../party/addressed-party.js';

/** A form whose sender has proven to be the party of the address. */
export interface ClientRequest {
  readonly party: AddressedParty;
  readonly parameters: Parameters;
  /** Unix seconds. */
  readonly now: number;
}

/** Why a request gets no further; the party, when the address names one, decides who may read the answer. */
export interface DirectRefusal {
  readonly error: OAuthError;
  readonly party?: AddressedParty;
  /** The address was refused too often: seconds after which it may come again. */
  readonly retry_after?: number;
}

export interface ClientRequestParts {
  readonly addresses: Addresses;
  readonly authenticator: ClientAuthenticator;
  readonly brake: RequestBrake;
  readonly nowMs: () => number;
}

/**
 * What all endpoints that clients call directly begin with, in this order: address, brake, form, parameters, client. RFC 6749 2.3 and 3.2.
 * Nothing of the request proper is looked at before the client is known.
 */
export const readClientRequest = async (
  request: HttpRequest,
  parts: ClientRequestParts,
): Promise<Outcome<ClientRequest, DirectRefusal>> => {
  const found = parts.addresses.party(request.params);
  const address = 'then' in found ? await found : found;
  if (!address.ok && address.error === 'unavailable') return fail({ error: configurationAway });
  const addressed = address.ok ? address.value : undefined;
  const refusedBy = (party: AddressedParty | undefined) => (error: OAuthError) =>
    fail<DirectRefusal>({ error, ...(party && { party }) });
  const retry_after = addressed && parts.brake.waits(addressed.view, request.clientIp);
  if (retry_after !== undefined) return fail({ error: tooOften, retry_after, ...(addressed && { party: addressed }) });
  const parameters = readForm(request);
  if (!parameters.ok) return refusedBy(addressed)(parameters.error);
  const party = addressed && clientAt(addressed, request, { parameters: parameters.value, addresses: parts.addresses });
  const refused = refusedBy(party);
  // An address that names no party is answered as a wrong secret would be.
  const client_id = party?.client.name ?? parameters.value.values.get('client_id') ?? '';
  const presented = presentedClient(request.headers.authorization, parameters.value, client_id);
  if (!presented.ok) return refused(presented.error);
  const now = Math.floor(parts.nowMs() / 1000);
  const checking = parts.authenticator.authenticate(presented.value, party, now);
  const authenticated = 'then' in checking ? await checking : checking;
  if (!authenticated.ok) return refused(authenticated.error);
  return party ? ok({ party, parameters: parameters.value, now }) : refused(noParty);
};

/** The party of the address, or who else says to ask there and may. Looked at only where others may. */
const clientAt = (
  party: AddressedParty,
  { headers }: HttpRequest,
  { parameters, addresses }: { readonly parameters: Parameters; readonly addresses: Addresses },
): AddressedParty =>
  party.client.issuer === 'track' ? addresses.ofProvider(party, namedClient(headers.authorization, parameters)) : party;

const configurationAway: OAuthError = { error: 'temporarily_unavailable', detail: 'the configuration is away' };
const tooOften: OAuthError = {
  error: 'temporarily_unavailable',
  error_description: 'too many refused requests from this address',
};
const noParty: OAuthError = { error: 'invalid_client', error_description: 'client authentication failed' };

/** RFC 6749 3.2: parameters come as a form, and only there; what stands in the query is not looked at. */
const readForm = ({ content }: HttpRequest): Outcome<Parameters, OAuthError> => {
  const text = formText(content);
  return text === undefined
    ? refuse('invalid_request', 'the body must be a form (application/x-www-form-urlencoded)')
    : readParameters(text);
};
