import { ConfigCache } from '@corsac/config-cache';
import { keysChangedNotice } from '@corsac/contracts';
import { Fingerprinter, PasswordHasher } from '@corsac/data';
import type { ServiceParts } from '@corsac/service';
import { AccessTokens } from './access-tokens/access-tokens.js';
import { RequestBrake } from './brakes/request-brake.js';
import { ClientAuthenticator } from './client-authentication/authenticate-client.js';
import { SecretChecker, secretFingerprintPurpose } from './client-authentication/check-secret.js';
import { ClientKeys } from './client-authentication/client-keys.js';
import { FingerprintRenewals } from './client-authentication/fingerprint-renewals.js';
import { CodeStore } from './codes/code-store.js';
import { DeviceStore } from './devices/device-store.js';
import { EndedMemory } from './ended/ended-memory.js';
import { Endings } from './ended/endings.js';
import { EndedFeed } from './ended/feed.js';
import { endedSessionsSource } from './ended/read-ended-sessions.js';
import { endedTokensSource } from './ended/read-ended-tokens.js';
import { ProviderReader } from './exchange/provider-facts.js';
import { SamlProviderReader } from './exchange/saml-facts.js';
import { KeyKeeper } from './keys/key-keeper.js';
import { KeyRing } from './keys/key-ring.js';
import { Signers } from './keys/signers.js';
import { Addresses } from './party/addressed-party.js';
import { RefreshGrants } from './refresh-grants/refresh-grants.js';
import { OnceOnly } from './replay/once-only.js';
import { DataSourceSql } from './store/data-source-sql.js';
import { PostgresEndedStore } from './store/postgres-ended-store.js';
import { PostgresGrantStore } from './store/postgres-grant-store.js';
import { PostgresKeyStore } from './store/postgres-key-store.js';

/** What several capabilities of the service share: one of each per replica. */
export type TokenParts = ReturnType<typeof makeTokenParts>;

/** Makes the shared parts, in the order in which they stand on one another. */
export const makeTokenParts = (parts: ServiceParts) => {
  const { bus, items, sealer, masterKeys, outbound, logger, settings } = parts;
  const nowMs = (): number => parts.clock.nowMs();
  const warn = (what: string) => (error: unknown) => logger.warn({ error }, what);

  const config = new ConfigCache({ bus, nowMs });
  const addresses = new Addresses(config, settings.base_url);

  const sql = new DataSourceSql(parts.database);
  const stores = {
    keys: new PostgresKeyStore(sql),
    grants: new PostgresGrantStore(sql),
    ended: new PostgresEndedStore(sql),
  };

  const ring = new KeyRing({ store: stores.keys, sealer });
  const announce = ({ tenant, track }: { tenant: string; track: string }) =>
    bus.publish(keysChangedNotice, { tenant, track });
  const keeper = new KeyKeeper({ store: stores.keys, ring, config, sealer, nowMs, announce, logger });
  const signers = new Signers(ring, keeper);

  const memory = new EndedMemory();
  const feed = new EndedFeed({
    sources: [endedSessionsSource(bus, memory, nowMs), endedTokensSource(stores.ended, memory, nowMs)],
    onFailed: warn('what has ended could not be read'),
  });
  const endings = new Endings({ grants: stores.grants, ended: stores.ended, memory, bus });
  const refreshGrants = new RefreshGrants(stores.grants, endings, masterKeys);

  const once = new OnceOnly(items);
  const clientKeys = new ClientKeys({ outbound, nowMs });
  const renewals = new FingerprintRenewals(bus);
  const fingerprinter = new Fingerprinter(masterKeys, secretFingerprintPurpose);
  const secrets = new SecretChecker(fingerprinter, new PasswordHasher(), renewals);

  return {
    parts,
    nowMs,
    config,
    addresses,
    stores,
    ring,
    keeper,
    signers,
    memory,
    feed,
    endings,
    refreshGrants,
    once,
    clientKeys,
    renewals,
    brake: new RequestBrake(items, nowMs),
    authenticator: new ClientAuthenticator(secrets, clientKeys, once),
    codes: new CodeStore(items),
    devices: new DeviceStore(items),
    tokens: new AccessTokens(signers, memory),
    providers: new ProviderReader({ outbound, nowMs }),
    samlProviders: new SamlProviderReader({ outbound, nowMs }),
  };
};
