import { Client } from 'pg';
import { Browser, type Page } from '../browser/browser.js';
import { RelyingParty } from '../party/relying-party.js';
import { ToldApplication } from '../party/told-application.js';
import type { OwnWorld } from '../world/world.js';

/** Three applications of one session, one for each way in which an application can be told. */
export const threeApplications = () => {
  const front = new ToldApplication('told-front', ['front']);
  const back = new ToldApplication('told-back', ['back']);
  const both = new ToldApplication('told-both', ['front', 'back']);
  const all = [front, back, both];
  /** Opens each at an address; @returns a declarative file with the three */
  const prepare = async (): Promise<string> => {
    const down_parties: object[] = [];
    for (const application of all) down_parties.push(await application.prepare());
    return JSON.stringify({ tenant: 'acme', track: '-', down_parties });
  };
  const close = async (): Promise<void> => void (await Promise.all(all.map((application) => application.close())));
  return { front, back, both, prepare, close };
};

interface Receipt {
  readonly party: string;
  readonly channel: string;
  readonly state: string;
  readonly attempts: number;
}

/** What the job of the logout says of everybody who was to be told, from the store of the session service. */
const receiptsOf = async (world: OwnWorld, sid: string): Promise<Receipt[]> => {
  const client = new Client({ connectionString: await world.database() });
  await client.connect();
  try {
    const { rows } = await client.query<Receipt>(
      `select doc->>'party' as party, doc->>'channel' as channel, state, attempts
       from session.logout_receipt where doc->>'sid' = $1 order by doc->>'party', doc->>'channel'`,
      [sid],
    );
    return rows;
  } finally {
    await client.end();
  }
};

const until = async (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come true within a minute`);
};

interface Frame {
  readonly party: string;
  readonly address: string;
  readonly receipt: string;
}

const framesOf = ({ html }: Page): Frame[] =>
  [...html.matchAll(/<iframe [^>]*title="([^"]*)" src="([^"]*)" data-receipt="([^"]*)"/g)].map(
    ([, party = '', src = '', receipt = '']) => ({ party, address: src.replaceAll('&amp;', '&'), receipt }),
  );

/** Loads the frames as a browser does, and gives up after a while; @returns receipts of those that loaded */
const loadFrames = async (frames: readonly Frame[]): Promise<string[]> => {
  const loaded = await Promise.all(
    frames.map(async ({ address, receipt }) => {
      const answer = await fetch(address, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
      return answer?.status === 200 ? [receipt] : [];
    }),
  );
  return loaded.flat();
};

/** A logout at its hardest: one application hangs, one is away, the session service dies, and the user is soon back. */
export const logoutReceiptJourneys = (
  of: () => OwnWorld,
  { front, back, both }: ReturnType<typeof threeApplications>,
): void => {
  describe('a logout of three applications', () => {
    const partyOf = ({ name, redirect_uri }: ToldApplication): Promise<RelyingParty> =>
      RelyingParty.discover(of(), { client_id: name, redirect_uri, binding: '(login)' });

    it('reaches all, though one hangs, one is away and the session service is killed; and ends no newer session', async () => {
      const browser = new Browser(of().base);
      const asking = await partyOf(front);
      const { tokens, claims } = await asking.signIn(browser);
      const sid = String(claims['sid']);
      for (const other of [back, both]) {
        const reached = await (await partyOf(other)).signInSilently(browser);
        expect(reached.claims['sid']).toBe(sid);
      }

      both.hangs = true;
      await back.close();
      const home = `${front.address}/`;
      const page = await browser.open(
        asking.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home }),
      );
      await until('the call that hangs', () => both.came.length > 0);
      await of().restart('session');

      const frames = framesOf(page);
      expect(frames.map(({ party }) => party).sort()).toEqual(['told-both', 'told-front']);
      const loaded = await loadFrames(frames);
      expect((await browser.submit(page, { loaded: loaded.join(' ') })).url).toBe(home);

      const again = await (await partyOf(back)).signIn(browser);
      expect(again.claims['sid']).not.toBe(sid);
      expect(again.claims.sub).toBe(claims.sub);
      expect(back.taken).toEqual([]);

      both.hangs = false;
      await back.open();
      await until('the logout of both', () => back.toldOf.includes(sid) && both.toldOf.includes(sid));
      await until('the receipts', async () =>
        (await receiptsOf(of(), sid)).every(({ channel, state }) => channel === 'front' || state === 'told'),
      );
      const receipts = await receiptsOf(of(), sid);
      expect(receipts).toMatchObject([
        { party: 'told-back', channel: 'back', state: 'told' },
        { party: 'told-both', channel: 'back', state: 'told' },
        { party: 'told-both', channel: 'front', state: 'timed_out' },
        { party: 'told-front', channel: 'front', state: 'loaded' },
      ]);
      expect(receipts[0]?.attempts).toBeGreaterThan(1);
      for (const { came } of [back, both]) {
        expect(new Set(came.map(({ jti }) => jti)).size).toBe(1);
        expect(new Set(came.map((told) => told['sid']))).toEqual(new Set([sid]));
      }

      const silently = await (await partyOf(both)).signInSilently(browser);
      expect(silently.claims['sid']).toBe(again.claims['sid']);
      const user = await (await partyOf(back)).userInfo(again.tokens.access_token, claims.sub);
      expect(user.sub).toBe(claims.sub);
      await expect(asking.userInfo(tokens.access_token, claims.sub)).rejects.toThrow();
    }, 120_000);
  });
};
