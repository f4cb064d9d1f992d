import { hash } from 'node:crypto';
import type { ConfigCache } from '@corsac/config-cache';
import { readyAnswer, sendReady, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { bindings, makeMetadata, nameIdFormats, type EntityMetadata } from '@corsac/saml';
import { sendPageError } from '../../edge/edge.js';
import { keyDescriptors, metadataCache, metadataType } from '../../saml/metadata-parts.js';
import type { SamlSigning } from '../../saml/sign.js';
import type { TrackCertificate, TrackKeys } from '../../saml/track-keys.js';
import { addressedApplication, addressesOf, idpEntityId, type AddressedApplication } from './addressed-application.js';

export interface IdpMetadataParts {
  readonly config: ConfigCache;
  readonly keys: TrackKeys;
  readonly signing: SamlSigning;
  readonly base_url: string;
}

const usualFormats = [
  nameIdFormats.persistent,
  nameIdFormats.emailAddress,
  nameIdFormats.transient,
  nameIdFormats.unspecified,
];

/** What an application has to know of us as its identity provider (SAML Metadata 2.4.3). Each binding has its own addresses. */
export class IdpMetadata {
  constructor(private readonly parts: IdpMetadataParts) {}

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const addressed = await addressedApplication(this.parts.config, request);
    if (!addressed.ok) return sendPageError(request, addressed.error.error, addressed.error);
    const { view, party } = addressed.value;
    const { tenant, track } = view;
    const context = request.messageContext;
    const keys = await this.parts.keys.of(view, context);
    if (!keys.ok) return sendPageError(request, 'temporarily_unavailable', { view, detail: 'token does not answer' });
    const metadata = this.describe(addressed.value, keys.value);
    const id = `_${hash('sha256', `idp:${metadata.entity_id}:${party.name}`, 'hex').slice(0, 40)}`;
    const algorithm = party.signature_algorithm;
    const xml = party.sign_metadata
      ? await this.parts.signing.signed({ tenant, track, algorithm, context }, (signer) =>
          makeMetadata(metadata, id, signer),
        )
      : { ok: true as const, value: await makeMetadata(metadata, id) };
    if (!xml.ok) return sendPageError(request, 'temporarily_unavailable', { view, detail: `signing: ${xml.error}` });
    return sendReady(readyAnswer(xml.value, metadataType, { cache: metadataCache }), request.headers);
  }

  private describe(application: AddressedApplication, certificates: readonly TrackCertificate[]): EntityMetadata {
    const { base_url } = this.parts;
    const { view, party } = application;
    const { authn, logout } = addressesOf(base_url, application);
    const both = (location: string) => [
      { binding: bindings.redirect, location },
      { binding: bindings.post, location },
    ];
    const taken = party.authn_request_binding;
    return {
      entity_id: idpEntityId(base_url, view, party),
      idp: {
        want_authn_requests_signed: party.require_signed_authn_requests,
        keys: keyDescriptors(certificates, {
          algorithm: party.signature_algorithm,
          withEncryption: party.metadata_include_encryption_keys,
        }),
        single_sign_on_services: taken ? [{ binding: bindings[taken], location: authn }] : both(authn),
        single_logout_services: [...both(logout), { binding: bindings.soap, location: logout }],
        name_id_formats: party.metadata_nameid_formats.length > 0 ? party.metadata_nameid_formats : usualFormats,
      },
      contact_persons: party.metadata_contact_persons,
    };
  }
}
