import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { freePort } from '@corsac/testing/backing';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { embeddedWorld, repository } from '../world/world.js';
import { SuiteServer } from './suite-server.js';

/** Metadata of a client, OIDC Discovery 3: the members that modules look at. */
export interface Metadata extends Readonly<Record<string, unknown>> {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly userinfo_endpoint: string;
  readonly end_session_endpoint: string;
  readonly jwks_uri: string;
  readonly scopes_supported: readonly string[];
  readonly acr_values_supported?: readonly string[];
  readonly request_object_signing_alg_values_supported?: readonly string[];
}

/** The provider under test as one client finds it: by discovery alone. */
export interface Provider {
  readonly client_id: string;
  readonly secret: string;
  readonly discoveryUrl: string;
  readonly metadata: Metadata;
  readonly keySet: JSONWebKeySet;
  readonly keys: ReturnType<typeof createLocalJWKSet>;
}

/** An installation with `deploy/conformance/conformance.yaml`, and the suite's own address, where a module may listen. */
export interface ConformanceWorld {
  readonly base: string;
  readonly suite: string;
  /** What listens at the suite's address. */
  readonly server: SuiteServer;
  readonly user: { readonly username: string; readonly password: string };
  provider(client_id: string): Promise<Provider>;
  stop(): Promise<void>;
}

const json = async <T>(url: string): Promise<T> => {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  return (await response.json()) as T;
};

const discover = async (base: string, client_id: string, secret: string): Promise<Provider> => {
  const discoveryUrl = `${base}/conformance/-/${client_id}(login)/.well-known/openid-configuration`;
  const metadata = await json<Metadata>(discoveryUrl);
  const keySet = await json<JSONWebKeySet>(metadata.jwks_uri);
  return { client_id, secret, discoveryUrl, metadata, keySet, keys: createLocalJWKSet(keySet) };
};

/** A configuration that was just loaded has its keys a moment later. */
const untilReady = async (base: string): Promise<void> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(`${base}/conformance/-/.well-known/openid-configuration/keys`);
    if (answer.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the track of the conformance configuration has no keys');
};

const newSecret = (): string => randomBytes(24).toString('base64url');

/** Starts an installation with the file that people are told to use for the official suite. */
export const conformanceWorld = async (): Promise<ConformanceWorld> => {
  const suite = `http://localhost:${await freePort()}/test/a/corsac`;
  const [secret, second, password] = [newSecret(), newSecret(), newSecret()];
  // The file names these variables; the installation fills them in as it would for an operator.
  Object.assign(process.env, {
    CONFORMANCE_SUITE_URL: suite,
    CONFORMANCE_SECRET: secret,
    CONFORMANCE_SECOND_SECRET: second,
    CONFORMANCE_PASSWORD: password,
  });
  const file = await readFile(join(repository, 'deploy/conformance/conformance.yaml'), 'utf8');
  const world = await embeddedWorld({}, file);
  await untilReady(world.base);
  const server = new SuiteServer(suite);
  await server.open();
  const known = new Map<string, Promise<Provider>>();
  return {
    base: world.base,
    suite,
    server,
    user: { username: 'conformance@example.com', password },
    provider: (client_id) => {
      const found =
        known.get(client_id) ?? discover(world.base, client_id, client_id.endsWith('-second') ? second : secret);
      known.set(client_id, found);
      return found;
    },
    stop: async () => {
      await server.close();
      await world.stop();
    },
  };
};
