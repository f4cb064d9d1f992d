import type { KeyObject } from 'node:crypto';
import type { Saml2UpParty } from '@corsac/model';
import type { OutboundClient } from '@corsac/outbound';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { readCertificate, readMetadata, type EntityMetadata } from '@corsac/saml';
import { KeptFacts, type KeptFactsOptions } from './kept-facts.js';

/** What a SAML identity provider is believed by. */
export interface SamlFacts {
  readonly entity_id: string;
  readonly keys: readonly KeyObject[];
}

export interface SamlProviderOptions extends KeptFactsOptions {
  readonly outbound: Pick<OutboundClient, 'get'>;
}

const timeout_ms = 2_500;
const maxMetadataBytes = 200_000;

/** Entity and keys of SAML identity providers: from their metadata by address or as text, or written by hand. */
export class SamlProviderReader {
  private readonly kept: KeptFacts<SamlFacts>;

  constructor(private readonly options: SamlProviderOptions) {
    this.kept = new KeptFacts(options);
  }

  factsOf(party: Saml2UpParty): Promise<Outcome<SamlFacts, string>> {
    const { metadata_url, metadata_xml, keys, issuers } = party;
    const freshMs = party.metadata_update_rate * 1000;
    const key = JSON.stringify([metadata_url, metadata_xml, keys, issuers, party.update_state]);
    return this.kept.get(key, { freshMs }, () => this.read(party));
  }

  private async read(party: Saml2UpParty): Promise<Outcome<SamlFacts, string>> {
    if (party.update_state !== 'manual' && party.metadata_url !== undefined) {
      const answer = await this.options.outbound.get(party.metadata_url, { timeout_ms, max_bytes: maxMetadataBytes });
      if (!answer.ok) return fail(`${answer.error.kind}: ${answer.error.detail}`);
      return answer.value.status === 200
        ? this.fromMetadata(answer.value.body, party)
        : fail(`status ${answer.value.status}`);
    }
    if (party.metadata_xml !== undefined) return this.fromMetadata(party.metadata_xml, party);
    const [entity_id] = party.issuers;
    if (entity_id === undefined) return fail('the up-party has neither metadata nor an issuer');
    return keysOf(entity_id, party.keys);
  }

  private fromMetadata(source: string | Uint8Array, { issuers }: Saml2UpParty): Outcome<SamlFacts, string> {
    const now = Math.floor(this.options.nowMs() / 1000);
    const metadata = readMetadata(source, { now, ...(issuers[0] !== undefined && { entity_id: issuers[0] }) });
    return metadata.ok ? fromEntity(metadata.value) : fail(metadata.error.message);
  }
}

const fromEntity = ({ entity_id, idp }: EntityMetadata): Outcome<SamlFacts, string> => {
  if (!idp) return fail('the metadata is not of an identity provider');
  const signing = idp.keys.filter(({ use }) => use !== 'encryption');
  return keysOf(
    entity_id,
    signing.map(({ certificate }) => certificate),
  );
};

/** A certificate that cannot be read is left out; without any key nothing can be believed. */
const keysOf = (entity_id: string, certificates: readonly string[]): Outcome<SamlFacts, string> => {
  const keys = certificates.flatMap((text) => {
    const read = readCertificate(text);
    return read.ok ? [read.value.key] : [];
  });
  return keys.length > 0 ? ok({ entity_id, keys }) : fail('there is no key to check signatures with');
};
