import { configurationChanged } from '@corsac/contracts';
import { decodeJwt } from '@corsac/jwt';
import { describeWith } from '@corsac/testing/backing';
import { ordersSecret, workerSecret } from '../fixtures/tracks.js';
import { basic, World } from '../fixtures/world.js';

const day = 86_400;

describeWith('postgres', (url) => {
  /** Two replicas on one database that hear nothing of one another, as when every notice is lost. */
  let replicas: World[];
  beforeAll(async () => {
    replicas = [await World.start(url), await World.start(url)];
  }, 60_000);
  afterAll(() => Promise.all(replicas.map((world) => world.stop())));

  let number = 100;
  /** A change of another track has them look at what is due at once, and not in a quarter of a minute. */
  const pass = async (seconds: number): Promise<void> => {
    for (const { clock, rig } of replicas) {
      clock.advance(seconds);
      number += 1;
      const change = { number, tenant: 'acme', track: 'other' };
      await rig.busOf('config').publishDurable(configurationChanged, change, `c-${number}`);
    }
  };
  const published = async (world: World): Promise<string[]> => {
    const { body } = await world.json('/acme/-/.well-known/openid-configuration/keys');
    return (body['keys'] as { kid: string }[]).map(({ kid }) => kid);
  };
  const token = async (world: World): Promise<string> => {
    const headers = { authorization: basic('worker', workerSecret) };
    const form = { grant_type: 'client_credentials', scope: 'orders.read' };
    return (await world.token('worker', form, headers)).body.access_token ?? '';
  };
  const signer = async (world: World): Promise<unknown> => {
    const read = decodeJwt(await token(world));
    return read.ok && read.value.header['kid'];
  };
  const isGood = async (world: World, access_token: string): Promise<unknown> => {
    const form = { token: access_token };
    const path = '/acme/-/orders/oauth/introspect';
    return (await world.post(path, form, { authorization: basic('orders', ordersSecret) })).body['active'];
  };
  /** Until every replica says the same. */
  const until = async (told: (world: World) => Promise<unknown>, expected: unknown): Promise<void> => {
    for (let tries = 0; tries < 250; tries += 1) {
      const all = await Promise.all(replicas.map(told));
      if (all.every((one) => JSON.stringify(one) === JSON.stringify(expected))) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await Promise.all(replicas.map(told))).toEqual(replicas.map(() => expected));
  };
  const count = async (world: World): Promise<number> => (await published(world)).length;

  describe('Keys of a track rotate by the schedule, with several replicas', () => {
    it('published a week before they sign, used by all at their time, and kept for a week after', async () => {
      const [one] = replicas as [World];
      const [first = ''] = await published(one);
      await pass(82 * day);
      expect(await published(one)).toEqual([first]);
      await pass(day);
      await until(count, 2);
      const next = (await published(one)).find((kid) => kid !== first);
      await until(signer, first);
      await pass(7 * day - 600);
      const last = await token(one);
      await until(signer, first);
      await pass(900);
      await until(signer, next);
      await until(count, 2);
      await until((world) => isGood(world, last), true);
      await pass(8 * day);
      await until(published, [next]);
    }, 120_000);
  });
});
