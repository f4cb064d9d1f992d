import { moduleOf } from '../module.js';
import type { ModuleRun } from '../module-run.js';

const base64url = /^[A-Za-z0-9_-]+$/;
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const words = (run: ModuleRun, member: string): readonly string[] => {
  const value = run.provider.metadata[member];
  expect([member, Array.isArray(value)]).toEqual([member, true]);
  return value as readonly string[];
};

/** Every address of the document is the provider's own, and https wherever the provider is. */
const checkAddresses = ({ provider: { metadata }, world }: ModuleRun): void => {
  const addresses = Object.entries(metadata).filter(([name]) => /(_endpoint|_uri)$/.test(name));
  expect(addresses.length).toBeGreaterThan(4);
  for (const [name, address] of addresses)
    expect([name, String(address).startsWith(`${world.base}/`)]).toEqual([name, true]);
};

const checkKeys = ({ provider: { keySet } }: ModuleRun): void => {
  const kids = keySet.keys.map(({ kid }) => kid);
  expect(kids.every((kid) => typeof kid === 'string')).toBe(true);
  expect(new Set(kids).size).toBe(kids.length);
  expect(keySet.keys.some(({ kty, alg, use }) => kty === 'RSA' && alg === 'RS256' && use === 'sig')).toBe(true);
  for (const key of keySet.keys) {
    expect(privateMembers.filter((member) => member in key)).toEqual([]);
    for (const member of ['n', 'e', 'x', 'y'] as const)
      if (key[member] !== undefined) expect(key[member]).toMatch(base64url);
  }
};

const checkDocument = (run: ModuleRun): void => {
  const { metadata, discoveryUrl } = run.provider;
  expect(`${metadata.issuer}/.well-known/openid-configuration`).toBe(discoveryUrl);
  expect(new URL(metadata.issuer)).toMatchObject({ href: metadata.issuer, search: '', hash: '' });
  expect(words(run, 'response_types_supported').length).toBeGreaterThan(0);
  expect(words(run, 'subject_types_supported')).toEqual(['public']);
  expect(words(run, 'id_token_signing_alg_values_supported')).toContain('RS256');
  // OIDC Discovery 3: what stands here when the member is left out; the plan wants both.
  expect(words(run, 'grant_types_supported')).toEqual(expect.arrayContaining(['authorization_code', 'implicit']));
  expect(words(run, 'scopes_supported')).toContain('openid');
  for (const scope of words(run, 'scopes_supported')) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(words(run, 'claims_supported')).toEqual(expect.arrayContaining(['sub', 'iss', 'name', 'email']));
  expect(words(run, 'code_challenge_methods_supported')).toEqual(['S256']);
  for (const locale of words(run, 'ui_locales_supported')) expect(Intl.getCanonicalLocales(locale)).toEqual([locale]);
  expect(metadata['claims_parameter_supported']).toBe(true);
  expect(metadata['request_parameter_supported']).toEqual(expect.any(Boolean));
  expect(metadata['request_uri_parameter_supported']).toBe(false);
};

const expectTrue = ({ provider: { metadata } }: ModuleRun, members: readonly string[]): void => {
  for (const member of members) expect([member, metadata[member]]).toEqual([member, true]);
};

/** What discovery says. */
export const discoveryModules = [
  moduleOf(
    'oidcc-discovery-endpoint-verification',
    'the metadata has what OIDC Discovery requires, true to where it was found, and its keys are public and distinct',
    async (run) => {
      const answer = await fetch(run.provider.discoveryUrl);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^application\/json/) as unknown,
      ]);
      checkDocument(run);
      checkAddresses(run);
      checkKeys(run);
    },
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-discovery-endpoint-verification',
    'the metadata names the end-session endpoint',
    async (run) => {
      checkAddresses(run);
      expect(run.provider.metadata.end_session_endpoint).toEqual(expect.any(String));
    },
  ),
  moduleOf(
    'oidcc-frontchannel-logout-discovery-endpoint-verification',
    'the metadata says that applications are told in frames, with the session',
    async (run) => {
      checkAddresses(run);
      expectTrue(run, ['frontchannel_logout_supported', 'frontchannel_logout_session_supported']);
    },
  ),
  moduleOf(
    'oidcc-backchannel-logout-discovery-endpoint-verification',
    'the metadata says that applications are told directly, with the session',
    async (run) => {
      checkAddresses(run);
      expectTrue(run, ['backchannel_logout_supported', 'backchannel_logout_session_supported']);
    },
  ),
];
