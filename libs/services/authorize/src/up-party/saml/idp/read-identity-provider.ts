import type { Saml2UpParty } from '@corsac/model';
import type { OutboundClient } from '@corsac/outbound';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { bindings, readCertificate, readMetadata, type Endpoint, type EntityMetadata } from '@corsac/saml';
import { lineOf } from '../../../saml/receive.js';
import type { IdentityProvider, IdpEndpoint, IdpMiss } from './identity-provider.js';

/** Milliseconds for the document; a user waits for it. */
const timeout_ms = 2_500;
const max_bytes = 200_000;

/** True when nothing is fetched for it. */
export const isWrittenByHand = (party: Saml2UpParty): boolean =>
  party.update_state === 'manual' || party.metadata_url === undefined;

/** Reads what an up-party's identity provider is now: metadata by address or as text, or settings alone. */
export const readIdentityProvider = async (
  outbound: Pick<OutboundClient, 'get'>,
  party: Saml2UpParty,
  now: number,
): Promise<Outcome<IdentityProvider, IdpMiss>> => {
  if (!isWrittenByHand(party)) {
    const document = await fetchMetadata(outbound, party.metadata_url ?? '');
    return document.ok ? fromMetadata(document.value, party, now) : document;
  }
  if (party.metadata_xml !== undefined) return fromMetadata(party.metadata_xml, party, now);
  const [entity_id] = party.issuers;
  return entity_id === undefined
    ? unusable('the up-party has neither metadata nor an issuer')
    : made(party, { entity_id });
};

const fetchMetadata = async (
  outbound: Pick<OutboundClient, 'get'>,
  url: string,
): Promise<Outcome<Uint8Array, IdpMiss>> => {
  const headers = { accept: 'application/samlmetadata+xml, application/xml, text/xml' };
  const answer = await outbound.get(url, { timeout_ms, max_bytes, headers });
  if (!answer.ok) {
    const { kind, detail } = answer.error;
    return fail({
      kind: kind === 'unreachable' || kind === 'timeout' ? 'away' : 'unusable',
      detail: `${kind}: ${detail}`,
    });
  }
  const { status, body } = answer.value;
  if (status === 200) return ok(body);
  return fail({ kind: status >= 500 || status === 429 ? 'away' : 'unusable', detail: `${url}: status ${status}` });
};

const fromMetadata = (
  source: string | Uint8Array,
  party: Saml2UpParty,
  now: number,
): Outcome<IdentityProvider, IdpMiss> => {
  const [entity_id] = party.issuers;
  const metadata = readMetadata(source, { now, ...(entity_id !== undefined && { entity_id }) });
  if (!metadata.ok) return unusable(lineOf(metadata.error));
  if (!metadata.value.idp) return unusable('the metadata is not of an identity provider');
  return made(party, metadata.value);
};

/** What is written down overrules what was found. */
const made = (
  party: Saml2UpParty,
  { entity_id, idp }: Pick<EntityMetadata, 'entity_id' | 'idp'>,
): Outcome<IdentityProvider, IdpMiss> => {
  const signing = idp?.keys.filter(({ use }) => use !== 'encryption').map(({ certificate }) => certificate) ?? [];
  const keys = [...party.keys, ...signing].flatMap((text) => {
    const read = readCertificate(text);
    return read.ok ? [read.value.key] : [];
  });
  if (keys.length === 0) return unusable('there is no key to check its signatures with');
  const soap = party.single_logout_soap_url ?? soapOf(idp?.single_logout_services);
  return ok({
    entity_id,
    keys,
    wants_signed_requests: idp?.want_authn_requests_signed === true,
    single_sign_on: written(party.authn_url, party.authn_request_binding) ?? carried(idp?.single_sign_on_services),
    single_logout:
      written(party.logout_url, party.logout_request_binding, party.single_logout_response_url) ??
      carried(idp?.single_logout_services),
    ...(soap !== undefined && { single_logout_soap: soap }),
  });
};

/** An address that is typed takes both bindings unless one is named. */
const written = (
  location: string | undefined,
  binding: 'redirect' | 'post' | undefined,
  response_location?: string,
): readonly IdpEndpoint[] | undefined => {
  if (location === undefined) return undefined;
  const kinds = binding === undefined ? (['redirect', 'post'] as const) : [binding];
  return kinds.map((kind) => ({
    binding: kind,
    location,
    ...(response_location !== undefined && { response_location }),
  }));
};

const isWebAddress = (location: string): boolean => /^https?:\/\//i.test(location);

const soapOf = (endpoints: readonly Endpoint[] = []): string | undefined =>
  endpoints.find(({ binding, location }) => binding === bindings.soap && isWebAddress(location))?.location;

const carried = (endpoints: readonly Endpoint[] = []): readonly IdpEndpoint[] =>
  endpoints.flatMap(({ binding, location, response_location }) => {
    const kind = binding === bindings.redirect ? 'redirect' : binding === bindings.post ? 'post' : undefined;
    if (kind === undefined || !isWebAddress(location)) return [];
    return [{ binding: kind, location, ...(response_location !== undefined && { response_location }) }];
  });

const unusable = (detail: string) => fail<IdpMiss>({ kind: 'unusable', detail });
