import {
  defaultTrackSettings,
  parseDownParty,
  parseUpParty,
  type DownParty,
  type Track,
  type UpParty,
} from '@corsac/model';
import { readTrackPage, type TrackPage } from './read-track.js';

const parsed = <T>(outcome: { ok: true; value: unknown } | { ok: false; error: unknown }): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value as T;
};
const login = parsed<UpParty>(parseUpParty({ name: 'login', type: 'login' }));
const app = (name: string, uris: readonly string[] = []): DownParty =>
  parsed(
    parseDownParty({
      name,
      type: 'oidc',
      allow_up_parties: ['login'],
      redirect_uris: ['https://app.example.com/cb', ...uris],
    }),
  );

const trackOf = (name: string, down_parties: DownParty[], up_parties = [login]): Track => ({
  tenant: 'acme',
  name,
  settings: defaultTrackSettings,
  up_parties,
  down_parties,
});

const readerOf = (track: Track) => {
  const parts = {
    base_url: 'https://id.example.com',
    store: {
      read: async (tenant: string, name: string) =>
        tenant === 'acme' && name === track.name ? { version: 7, track } : undefined,
    },
  };
  const page = async (cursor?: string): Promise<TrackPage> => {
    const read = await readTrackPage(parts, {
      tenant: 'acme',
      track: track.name,
      ...(cursor !== undefined && { cursor }),
    });
    if (!read.ok) throw new Error(read.error.refusal);
    return read.value;
  };
  const all = async (): Promise<TrackPage[]> => {
    const pages = [await page()];
    for (let { next } = pages[0]!; next !== undefined; next = pages.at(-1)!.next) pages.push(await page(next));
    return pages;
  };
  return { parts, page, all };
};
const names = (pages: readonly TrackPage[]): string[] =>
  pages.flatMap(({ down_parties }) => down_parties.map(({ name }) => name));

describe('a track as the other services read it', () => {
  it('has the parties of Control in the track master, and the kept track has not', async () => {
    const track = trackOf('master', [app('tool')]);
    const page = await readerOf(track).page();
    expect(names([page])).toEqual(['tool', 'corsac_control_api', 'corsac_control']);
    expect(page.down_parties[2]).toMatchObject({
      allow_up_parties: ['login'],
      redirect_uris: ['https://id.example.com/control/callback'],
    });
    expect(track.down_parties).toHaveLength(1);
  });

  it('has nothing but its own in any other track', async () => {
    expect(names([await readerOf(trackOf('-', [app('tool')])).page()])).toEqual(['tool']);
  });

  it('has what was configured under the name of Control in its place', async () => {
    const page = await readerOf(trackOf('master', [app('corsac_control')])).page();
    expect(page.down_parties.filter(({ name }) => name === 'corsac_control')).toEqual([app('corsac_control')]);
    expect(names([page])).toEqual(['corsac_control', 'corsac_control_api']);
  });

  it('comes in pages, each party once, with those of Control on the last', async () => {
    const uris = Array.from({ length: 199 }, (_, at) => `https://app.example.com/${at}/${'x'.repeat(80)}`);
    const parties = Array.from({ length: 60 }, (_, at) => app(`app-${at}`, uris));
    const pages = await readerOf(trackOf('master', parties)).all();
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(900_000);
    expect(names(pages)).toEqual([...parties.map(({ name }) => name), 'corsac_control_api', 'corsac_control']);
    expect(pages.flatMap(({ up_parties }) => up_parties)).toEqual([login]);
  });

  it.each(['-1', 'x', '1e3', '99999999999999999999'])('bears a cursor that is none: %s', async (cursor) => {
    await expect(readerOf(trackOf('master', [])).page(cursor)).resolves.toMatchObject({ version: 7 });
  });

  it('is not found where there is none', async () => {
    const { parts } = readerOf(trackOf('master', []));
    for (const [tenant, track] of [
      ['acme', '-'],
      ['other', 'master'],
    ] as const)
      expect(await readTrackPage(parts, { tenant, track })).toEqual({ ok: false, error: { refusal: 'not_found' } });
  });
});
