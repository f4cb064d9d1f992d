import { TrackView } from '@corsac/config-cache';
import { exportPublicJwk, generateSigningKey, type JwtError, type SigningKey } from '@corsac/jwt';
import { defaultTrackSettings, upPartySchema, type OidcUpParty } from '@corsac/model';
import type { OutboundClient, OutboundError } from '@corsac/outbound';
import { fail, ok } from '@corsac/outcome';
import { silentLogger } from '@corsac/telemetry';
import type { Provider } from './provider.js';
import { Providers, type UpPartyInTrack } from './providers.js';

const issuer = 'https://op.example';
const documentAt = `${issuer}/.well-known/openid-configuration`;

/** The web as a map; everything asked for is written down. */
class Web implements Pick<OutboundClient, 'get'> {
  readonly pages = new Map<string, unknown>();
  readonly asked: string[] = [];
  trouble: OutboundError | number | undefined;

  async get(url: string): ReturnType<OutboundClient['get']> {
    this.asked.push(url);
    await Promise.resolve();
    if (typeof this.trouble === 'object') return fail(this.trouble);
    const found = this.pages.get(url);
    const status = this.trouble ?? (found === undefined ? 404 : 200);
    return ok({ status, headers: {}, body: Buffer.alloc(0), url, text: () => '', json: () => found });
  }
}

describe('what is known of providers, spec 4', () => {
  let key: SigningKey;
  let web: Web;
  let nowMs: number;
  let providers: Providers;

  beforeAll(async () => {
    key = await generateSigningKey('ES256');
  });
  beforeEach(() => {
    web = new Web();
    nowMs = 1_700_000_000_000;
    publish();
    providers = new Providers({ outbound: web, nowMs: () => nowMs, logger: silentLogger });
  });

  const publish = (more: object = {}): void => {
    web.pages.set(documentAt, {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: ['ES256'],
      ...more,
    });
    web.pages.set(`${issuer}/keys`, { keys: [exportPublicJwk(key)] });
  };
  const place = (fields: object = {}, track = '-'): UpPartyInTrack => {
    const party = upPartySchema.parse({ type: 'oidc', name: 'op', authority: issuer, ...fields }) as OidcUpParty;
    return { view: new TrackView('acme', track, 1, defaultTrackSettings, [party], []), party };
  };
  const found = async (at: UpPartyInTrack): Promise<Provider> => {
    const read = await providers.of(at);
    if (!read.ok) throw new Error(read.error.detail);
    return read.value;
  };
  const missed = async (at: UpPartyInTrack): Promise<string> => {
    const read = await providers.of(at);
    return read.ok ? 'found' : read.error.kind;
  };
  const minutes = (count: number): void => {
    nowMs += count * 60_000;
  };

  describe('the issuer', () => {
    it.each([
      ['the authority itself', issuer, issuer, []],
      ['the authority with a slash typed', `${issuer}/`, issuer, []],
      ['the authority with a slash discovered', issuer, `${issuer}/`, []],
      ['the whole discovery address', documentAt, issuer, []],
      ['one that the administrator listed', issuer, 'https://{tenant}.example', ['https://{tenant}.example']],
    ])('may be %s', async (_title, authority, discovered, issuers) => {
      publish({ issuer: discovered });
      const provider = await found(place({ authority, issuers }));
      expect(provider.answering).toEqual([discovered]);
      expect(provider.issuers).toEqual([discovered]);
    });

    it.each(['https://other.example', `${issuer}/tenant`, `${issuer}//`, issuer.toUpperCase(), '', 5, undefined])(
      'must not be %p',
      async (discovered) => {
        publish({ issuer: discovered });
        expect(await missed(place())).toBe('unusable');
      },
    );

    it('of tokens may also be one of those listed', async () => {
      const issuers = ['https://a.example', issuer, 'https://b.example'];
      expect((await found(place({ issuers }))).issuers).toEqual([issuer, 'https://a.example', 'https://b.example']);
    });
  });

  it('what is written down overrules what was found', async () => {
    const written = { token_endpoint: 'https://op.example/written', end_session_endpoint: 'https://op.example/out' };
    expect(await found(place(written))).toMatchObject({ authorization_endpoint: `${issuer}/authorize`, ...written });
  });

  it('is kept, and read anew when the update rate is over', async () => {
    const at = place({ oidc_discovery_update_rate: 14_400 });
    await found(at);
    minutes(239);
    await found(at);
    expect(web.asked).toEqual([documentAt, `${issuer}/keys`]);
    publish({ token_endpoint: `${issuer}/moved` });
    minutes(1);
    expect((await found(at)).token_endpoint).toBe(`${issuer}/moved`);
    expect(web.asked).toHaveLength(4);
  });

  it('is not read anew once an administrator stopped that', async () => {
    const at = place({ update_state: 'automatic_stopped' });
    await found(at);
    minutes(100_000);
    await found(at);
    expect(web.asked).toHaveLength(2);
  });

  it('serves on while the provider is away, which is asked again now and then', async () => {
    const at = place({ oidc_discovery_update_rate: 14_400 });
    await found(at);
    minutes(500);
    web.trouble = { kind: 'timeout', detail: '' };
    expect((await found(at)).token_endpoint).toBe(`${issuer}/token`);
    expect((await found(at)).token_endpoint).toBe(`${issuer}/token`);
    expect(web.asked).toHaveLength(3);
    nowMs += 5_000;
    web.trouble = undefined;
    publish({ token_endpoint: `${issuer}/moved` });
    expect((await found(at)).token_endpoint).toBe(`${issuer}/moved`);
  });

  it.each<[OutboundError | number, string]>([
    [{ kind: 'timeout', detail: '' }, 'away'],
    [{ kind: 'unreachable', detail: '' }, 'away'],
    [503, 'away'],
    [429, 'away'],
    [404, 'unusable'],
    [{ kind: 'forbidden', detail: '' }, 'unusable'],
    [{ kind: 'too_large', detail: '' }, 'unusable'],
    [{ kind: 'too_many_redirects', detail: '' }, 'unusable'],
    [{ kind: 'bad_address', detail: '' }, 'unusable'],
  ])('is missing after %p: %s', async (trouble, kind) => {
    web.trouble = trouble;
    expect(await missed(place())).toBe(kind);
  });

  it('is not asked for by every request while it is missing', async () => {
    web.trouble = 500;
    await missed(place());
    await missed(place());
    expect(web.asked).toHaveLength(1);
    nowMs += 5_000;
    web.trouble = undefined;
    expect(await missed(place())).toBe('found');
  });

  it('is read once for many at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => found(place())));
    expect(web.asked).toHaveLength(2);
  });

  it('of one track or up-party is not used in another, nor when the settings changed', async () => {
    for (const at of [place(), place({}, 'other'), place({ name: 'op2' }), place({ authority: `${issuer}/` })])
      await found(at);
    expect(web.asked).toHaveLength(8);
    await found({ ...place(), view: place().view });
    expect(web.asked).toHaveLength(8);
  });

  it('is forgotten when it was not used for long and there are too many', async () => {
    providers = new Providers({ outbound: web, nowMs: () => nowMs, logger: silentLogger, capacity: 2 });
    await found(place({}, 'a'));
    await found(place({}, 'b'));
    await found(place({}, 'a'));
    await found(place({}, 'c'));
    await found(place({}, 'a'));
    expect(web.asked).toHaveLength(6);
    await found(place({}, 'b'));
    expect(web.asked).toHaveLength(8);
  });

  describe('written by hand', () => {
    const manual = {
      update_state: 'manual',
      authority: undefined,
      issuers: ['https://a.example', 'https://b.example'],
      authorization_endpoint: `${issuer}/authorize`,
    };

    it('needs nothing to be read', async () => {
      const at = place({ ...manual, jwks: { keys: [exportPublicJwk(key)] } });
      const provider = await found(at);
      expect(provider).toMatchObject({ answering: manual.issuers, issuers: manual.issuers, iss_required: false });
      expect(provider.keys).toHaveLength(1);
      await providers.check(at, provider, () => fail(unknownKey));
      expect(web.asked).toEqual([]);
    });

    it('may have its keys at an address', async () => {
      const at = place({ ...manual, jwks_uri: `${issuer}/keys` });
      expect((await found(at)).keys).toHaveLength(1);
      expect(web.asked).toEqual([`${issuer}/keys`]);
    });

    it('without keys is of no use', async () => {
      expect(await missed(place(manual))).toBe('unusable');
    });
  });

  const unknownKey: JwtError = { code: 'unknown_kid', message: '' };
  /** A token that needs a key set of this size. */
  const needs =
    (count: number) =>
    ({ keys }: Provider) =>
      keys.length >= count ? ok('fine') : fail<JwtError>(unknownKey);

  describe('an unknown key, OIDC Core 10.1.1', () => {
    const roll = async (): Promise<void> => {
      const next = await generateSigningKey('ES256');
      web.pages.set(`${issuer}/keys`, { keys: [exportPublicJwk(key), exportPublicJwk(next)] });
    };

    it('is looked for at once', async () => {
      const at = place();
      const provider = await found(at);
      await roll();
      expect(await providers.check(at, provider, needs(2))).toEqual(ok('fine'));
      expect((await found(at)).keys).toHaveLength(2);
    });

    it('is not looked for again before the cool-down is over', async () => {
      const at = place();
      const provider = await found(at);
      for (let time = 0; time < 5; time += 1) expect((await providers.check(at, provider, needs(2))).ok).toBe(false);
      expect(web.asked).toHaveLength(4);
      nowMs += 30_000;
      await roll();
      expect((await providers.check(at, provider, needs(2))).ok).toBe(true);
      expect(web.asked).toHaveLength(6);
    });

    it('is found by all that wait for the same reading', async () => {
      const at = place();
      const provider = await found(at);
      await roll();
      const checks = await Promise.all([1, 2, 3].map(() => providers.check(at, provider, needs(2))));
      expect(checks.map(({ ok: fine }) => fine)).toEqual([true, true, true]);
      expect(web.asked).toHaveLength(4);
    });

    it('leaves what was known when the provider is away', async () => {
      const at = place();
      const provider = await found(at);
      web.trouble = 500;
      expect(await providers.check(at, provider, needs(2))).toEqual(fail(unknownKey));
      expect((await found(at)).keys).toHaveLength(1);
    });

    it('is the only fault that asks for another reading', async () => {
      const at = place();
      const provider = await found(at);
      await providers.check(at, provider, () => fail<JwtError>({ code: 'signature_invalid', message: '' }));
      expect(web.asked).toHaveLength(2);
    });
  });
});
