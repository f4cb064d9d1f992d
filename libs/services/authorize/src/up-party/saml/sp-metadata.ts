import { hash } from 'node:crypto';
import type { ConfigCache } from '@corsac/config-cache';
import { readyAnswer, sendReady, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { Saml2UpParty } from '@corsac/model';
import { bindings, makeMetadata, nameIdFormats, type EntityMetadata } from '@corsac/saml';
import { sendPageError } from '../../edge/edge.js';
import { keyDescriptors, metadataCache, metadataType } from '../../saml/metadata-parts.js';
import type { SamlSigning } from '../../saml/sign.js';
import type { TrackCertificate, TrackKeys } from '../../saml/track-keys.js';
import { addressedUpParty, addressesOf, ownEntityId } from './addressed-up-party.js';
import type { SamlUpPartyInTrack } from './idp/identity-providers.js';

export interface SpMetadataParts {
  readonly config: ConfigCache;
  readonly keys: TrackKeys;
  readonly signing: SamlSigning;
  readonly base_url: string;
}

/** What an identity provider has to know of us as its application (SAML Metadata 2.4.4). */
export class SpMetadata {
  constructor(private readonly parts: SpMetadataParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedUpParty(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const { view, party } = addressed.value;
    const { tenant, track } = view;
    const context = request.messageContext;
    const keys = await this.parts.keys.of(view, context);
    if (!keys.ok) return sendPageError(request, 'temporarily_unavailable', { view, detail: 'token does not answer' });
    const metadata = this.describe(addressed.value, keys.value);
    const id = `_${hash('sha256', `sp:${metadata.entity_id}:${party.name}`, 'hex').slice(0, 40)}`;
    const algorithm = party.signature_algorithm;
    const xml = party.sign_metadata
      ? await this.parts.signing.signed({ tenant, track, algorithm, context }, (signer) =>
          makeMetadata(metadata, id, signer),
        )
      : { ok: true as const, value: await makeMetadata(metadata, id) };
    if (!xml.ok) return sendPageError(request, 'temporarily_unavailable', { view, detail: `signing: ${xml.error}` });
    return sendReady(readyAnswer(xml.value, metadataType, { cache: metadataCache }), request.headers);
  }

  private describe({ view, party }: SamlUpPartyInTrack, certificates: readonly TrackCertificate[]): EntityMetadata {
    const { base_url } = this.parts;
    const { acs, single_logout } = addressesOf(base_url, view, party);
    return {
      entity_id: ownEntityId(base_url, view, party),
      sp: {
        authn_requests_signed: party.sign_authn_requests === true,
        keys: keyDescriptors(certificates, {
          algorithm: party.signature_algorithm,
          withEncryption: party.metadata_include_encryption_keys,
        }),
        single_logout_services: [
          { binding: bindings.redirect, location: single_logout },
          { binding: bindings.post, location: single_logout },
          { binding: bindings.soap, location: single_logout },
        ],
        name_id_formats: party.metadata_nameid_formats.length > 0 ? party.metadata_nameid_formats : usualFormats,
        assertion_consumer_services: [
          { binding: bindings[party.authn_response_binding], location: acs, index: 0, is_default: true },
        ],
        attribute_consuming_services: servicesOf(party),
      },
      contact_persons: party.metadata_contact_persons,
    };
  }
}

const usualFormats = [nameIdFormats.persistent, nameIdFormats.emailAddress, nameIdFormats.unspecified];

const servicesOf = (party: Saml2UpParty) =>
  party.metadata_attribute_consuming_services.map(({ service_name, requested_attributes }, index) => ({
    index: index + 1,
    service_name,
    requested_attributes: requested_attributes.map(({ name, name_format, required }) => ({
      name,
      ...(name_format !== undefined && { name_format }),
      is_required: required,
    })),
  }));
