import { ada } from '../party/relying-party.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { endpointsOfCode } from './endpoints.js';
import { fuzzed, numbersFrom } from './fuzz.js';
import { hostileRequests } from './hostile-requests.js';
import { complaintsAbout, type Place } from './judge.js';
import { knownPatterns, pathOf, usualParameters } from './known-endpoints.js';
import { bytesOf, sendRaw, type RawRequest } from './raw-http.js';

jest.setTimeout(60_000);

const seed = 'corsac 1';
const fuzzedPerEndpoint = 40;
const atOnce = 8;

describe('requests that mean harm, OWASP ASVS 5.0 V2 and V4', () => {
  let world: OwnWorld;
  let place: Place;
  let port: number;

  beforeAll(async () => {
    world = await embeddedWorld();
    port = Number(new URL(world.base).port);
    place = {
      base: world.base,
      proven: [world.shop],
      secrets: [...Object.values(world.secrets), ada.password],
    };
  }, 120_000);
  afterAll(() => world?.stop());

  const findings = async (requests: readonly RawRequest[]): Promise<string[]> => {
    const found: string[] = [];
    const rest = requests.values();
    const work = async (): Promise<void> => {
      for (const request of rest) {
        const bytes = bytesOf(request);
        const complaints = complaintsAbout(await sendRaw(port, bytes), place);
        if (complaints.length > 0) found.push(`${complaints.join(', ')}: ${bytes.subarray(0, 400).toString('latin1')}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return found;
  };

  it('are tried with every endpoint that the code has', async () => {
    const patterns = (await endpointsOfCode()).map(({ pattern }) => pattern);
    expect([...new Set(patterns)].sort()).toEqual([...knownPatterns].sort());
  });

  it.each(knownPatterns)('get a proper refusal at %s', async (pattern) => {
    expect(await findings(hostileRequests(pathOf(pattern), usualParameters(world)))).toEqual([]);
  });

  it(`get a proper refusal when they are made up by chance, from the seed “${seed}”`, async () => {
    const below = numbersFrom(seed);
    const query = new URLSearchParams(usualParameters(world)).toString();
    const requests = knownPatterns.flatMap((pattern) =>
      Array.from({ length: fuzzedPerEndpoint }, () => fuzzed(pathOf(pattern), query, below)),
    );
    expect(await findings(requests)).toEqual([]);
  });

  it('get a proper refusal when they are no HTTP', async () => {
    const texts = ['GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02', 'GET / HTTP/1.1\r\nHost\r\n\r\n'];
    const more = [
      'GET / HTTP/1.1\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ];
    const smuggled =
      'POST /outbox HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n';
    for (const text of [...texts, ...more, smuggled]) {
      const answer = await sendRaw(port, Buffer.from(text, 'latin1'));
      expect([text, complaintsAbout(answer, place)]).toEqual([text, []]);
      expect(answer.status).toBeLessThan(500);
    }
  });

  it('leave no bug in the log, and everybody else is served', async () => {
    expect(world.log()).not.toMatch(/a request ended in a bug|unhandledRejection|uncaughtException/);
    expect((await fetch(`${world.base}/acme/-/.well-known/openid-configuration`)).status).toBe(200);
  });
});
