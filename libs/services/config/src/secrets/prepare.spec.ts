import { Fingerprinter, parseMasterKeys, PasswordHasher, Sealer } from '@corsac/data';
import { planChanges, type OidcDownParty, type OidcUpParty, type Track, type WrittenTrack } from '@corsac/model';
import { parseDeclarative } from '@corsac/model';
import { PrepareSecrets } from './prepare.js';

const [old, next] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString('base64url')) as [string, string];
const hasher = new PasswordHasher({ cost: { memory_kib: 64, passes: 1, lanes: 1 } });
const secretsUnder = (...keys: string[]): PrepareSecrets => {
  const masterKeys = parseMasterKeys(keys.join(','));
  const fingerprinter = new Fingerprinter(masterKeys, 'client-secret');
  return new PrepareSecrets({ hasher, fingerprinter, sealer: new Sealer(masterKeys), now: () => 1_800_000_000 });
};
const text = `
tenants:
  - name: acme
    tracks:
      - name: '-'
        up_parties:
          - { type: oidc, name: partner, authority: 'https://partner.test', client_secret: 'a secret of the provider' }
        down_parties:
          - { type: oidc, name: shop, redirect_uris: ['https://shop.test/cb'], allow_up_parties: [partner], secrets: ['a secret of the shop'] }
`;
const written = (): WrittenTrack => {
  const parsed = parseDeclarative([{ file: 'acme.yaml', text }], { env: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.tenants[0]?.tracks[0] as WrittenTrack;
};
const shopOf = (track: Track) => track.down_parties[0] as OidcDownParty;
const partnerOf = (track: Track) => track.up_parties[0] as OidcUpParty;
const changes = (before: Track, after: Track) =>
  planChanges(
    { tenants: [{ name: 'acme', tracks: [before] }] },
    { tenants: [{ name: 'acme', tracks: [after] }] },
    false,
  ).length;

describe('Secrets of a file that is applied again', () => {
  it('stay as they are kept under the same master key', async () => {
    const kept = await secretsUnder(old).track('acme', written(), undefined);
    const again = await secretsUnder(old).track('acme', written(), kept);
    expect(again).toEqual(kept);
    expect(changes(kept, again)).toBe(0);
  });

  it('get fingerprint and envelope under a new master key, with the same id and hash', async () => {
    const kept = await secretsUnder(old).track('acme', written(), undefined);
    const again = await secretsUnder(next, old).track('acme', written(), kept);
    const [before, after] = [shopOf(kept).secrets[0], shopOf(again).secrets[0]];
    expect(after).toEqual({ ...before, fingerprint: after?.fingerprint });
    const alone = parseMasterKeys(next);
    expect(new Fingerprinter(alone, 'client-secret').matches('a secret of the shop', after?.fingerprint ?? '')).toBe(
      true,
    );
    const context = { purpose: 'up-party-secret', tenant: 'acme', track: '-' };
    const opened = new Sealer(alone).unsealText(partnerOf(again).client_secret?.sealed ?? '', context);
    expect(opened).toEqual({ ok: true, value: 'a secret of the provider' });
    expect(changes(kept, again)).toBeGreaterThan(0);
  });
});
