import { parseJwks, type VerificationKey } from '@corsac/jwt';
import type { OAuth2UpParty, OidcUpParty } from '@corsac/model';
import { discoveryUrlOf, maxMetadataBytes, readProviderMetadata } from '@corsac/oidc';
import type { OutboundClient } from '@corsac/outbound';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { KeptFacts, type KeptFactsOptions } from './kept-facts.js';

/** An up-party whose JWTs may be exchanged. */
export type JwtUpParty = OidcUpParty | OAuth2UpParty;

/** Whom an up-party stands for, and with which keys. */
export interface ProviderFacts {
  readonly issuers: readonly string[];
  readonly keys: readonly VerificationKey[];
}

export interface ProviderOptions extends KeptFactsOptions {
  readonly outbound: Pick<OutboundClient, 'get'>;
}

const timeout_ms = 2_500;

/**
 * Issuers and keys of the providers that administrators trust for exchange: written by hand, or discovered and kept for the
 * party's update rate. What was read once serves on while the provider is away.
 */
export class ProviderReader {
  private readonly kept: KeptFacts<ProviderFacts>;

  constructor(private readonly options: ProviderOptions) {
    this.kept = new KeptFacts(options);
  }

  /** @param again the keys at hand did not know a `kid` */
  async factsOf(party: JwtUpParty, again = false): Promise<Outcome<ProviderFacts, string>> {
    if (party.update_state === 'manual' || party.authority === undefined) return this.manual(party, again);
    const key = JSON.stringify([party.authority, party.issuers]);
    return this.kept.get(key, { again, freshMs: party.oidc_discovery_update_rate * 1000 }, () => this.discover(party));
  }

  private async manual(party: JwtUpParty, again: boolean): Promise<Outcome<ProviderFacts, string>> {
    if (party.jwks) {
      const keys = parseJwks(party.jwks);
      return keys.ok ? ok({ issuers: party.issuers, keys: keys.value }) : fail(keys.error.message);
    }
    const { jwks_uri, issuers } = party;
    if (jwks_uri === undefined) return fail('the up-party has neither keys nor an address for them');
    const key = JSON.stringify([jwks_uri, issuers]);
    return this.kept.get(key, { again, freshMs: party.oidc_discovery_update_rate * 1000 }, async () => {
      const keys = await this.readKeys(jwks_uri);
      return keys.ok ? ok({ issuers, keys: keys.value }) : keys;
    });
  }

  private async discover(party: JwtUpParty): Promise<Outcome<ProviderFacts, string>> {
    const authority = party.authority as string;
    const document = await this.json(discoveryUrlOf(authority), maxMetadataBytes);
    if (!document.ok) return document;
    const metadata = readProviderMetadata(document.value, authority, party.issuers);
    if (!metadata.ok) return metadata;
    const { issuer, track_issuer, jwks_uri } = metadata.value;
    if (jwks_uri === undefined) return fail('the metadata names no key set');
    const keys = await this.readKeys(jwks_uri);
    if (!keys.ok) return keys;
    const listed = party.issuers.length > 0 ? party.issuers : [issuer];
    // A Corsac says which issuer the tokens of its APIs have; no administrator has to.
    return ok({
      issuers: [...new Set([...listed, ...(track_issuer === undefined ? [] : [track_issuer])])],
      keys: keys.value,
    });
  }

  private async readKeys(uri: string): Promise<Outcome<readonly VerificationKey[], string>> {
    const document = await this.json(uri, 256 * 1024);
    if (!document.ok) return document;
    const keys = parseJwks(document.value);
    return keys.ok ? keys : fail(keys.error.message);
  }

  private async json(url: string, max_bytes: number): Promise<Outcome<unknown, string>> {
    const answer = await this.options.outbound.get(url, { timeout_ms, max_bytes });
    if (!answer.ok) return fail(`${answer.error.kind}: ${answer.error.detail}`);
    return answer.value.status === 200 ? ok(answer.value.json()) : fail(`status ${answer.value.status}`);
  }
}
