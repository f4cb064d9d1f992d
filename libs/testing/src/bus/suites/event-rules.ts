import type { BusEvent } from '@corsac/contracts';
import { textAnnounced, textGiven } from '../contracts.js';
import type { Text } from '../replica.js';
import { pause, until, type World } from '../world.js';

const tenTexts = Array.from({ length: 10 }, (_, n) => `text ${n}`);

/** Replicas that note what they heard, by kind of event. */
const listening = () => {
  const heard: string[] = [];
  const note = async ({ text }: Text): Promise<void> => void heard.push(text);
  return { heard, given: note, announced: note };
};

/** What an event that may be lost must do on every bus. */
export function eventRules(world: () => World): void {
  const publishAll = async (event: BusEvent<Text>): Promise<void> => {
    const bus = await world().voice('config');
    for (const text of tenTexts) await bus.publish(event, { text });
  };

  it('brings work to one of three replicas', async () => {
    const replicas = [listening(), listening(), listening()];
    await world().replicas('token', replicas);
    await publishAll(textGiven);
    const all = () => replicas.flatMap(({ heard }) => heard);
    await until('ten were heard', () => all().length >= 10);
    await pause(50);
    expect(all().sort()).toEqual([...tenTexts].sort());
  });

  it('brings an event for every replica to all three', async () => {
    const replicas = [listening(), listening(), listening()];
    await world().replicas('token', replicas);
    await publishAll(textAnnounced);
    await until('thirty were heard', () => replicas.every(({ heard }) => heard.length >= 10));
    await pause(50);
    expect(replicas.map(({ heard }) => heard)).toEqual([tenTexts, tenTexts, tenTexts]);
  });

  it.each([
    ['work', textGiven],
    ['an event for every replica', textAnnounced],
  ])('brings %s to each listening service', async (_, event) => {
    const [token, authorize] = [listening(), listening()];
    await world().replica('token', token);
    await world().replica('authorize', authorize);
    await publishAll(event);
    await until('both heard ten', () => token.heard.length >= 10 && authorize.heard.length >= 10);
    await pause(50);
    expect([token.heard.length, authorize.heard.length]).toEqual([10, 10]);
  });

  it('keeps an event that breaks its contract from the handler, and goes on', async () => {
    const token = listening();
    await world().replica('token', token);
    const bus = await world().voice('config');
    await bus.publish(textGiven, { text: 5 } as unknown as Text);
    await bus.publish(textGiven, { text: 'good' });
    await until('the good one was heard', () => token.heard.includes('good'));
    expect(token.heard).toEqual(['good']);
    expect(world().lines.some(({ message }) => message === 'an event does not match its contract')).toBe(true);
  });

  it('survives a handler that throws, and logs what it threw', async () => {
    const heard: string[] = [];
    await world().replica('token', {
      given: async ({ text }) => {
        if (text === 'bad') throw new Error('broken ear');
        heard.push(text);
      },
    });
    const bus = await world().voice('config');
    await bus.publish(textGiven, { text: 'bad' });
    await bus.publish(textGiven, { text: 'good' });
    await until('the good one was heard', () => heard.includes('good'));
    const line = world().lines.find(({ message }) => message === 'the handler of an event failed');
    expect(line?.fields.error).toEqual(new Error('broken ear'));
  });

  it('resolves when nobody listens', async () => {
    const bus = await world().voice('config');
    await expect(bus.publish(textGiven, { text: 'x' })).resolves.toBeUndefined();
  });

  it('does not let a service publish what is not its own', async () => {
    const token = listening();
    await world().replica('token', token);
    const bus = await world().voice('session');
    await bus.publish(textAnnounced, { text: 'forged' });
    await pause(50);
    expect(token.heard).toEqual([]);
    expect(world().lines.some(({ message }) => message === 'an event was not sent')).toBe(true);
  });

  it('carries request id and trace to the handler', async () => {
    const seen: object[] = [];
    await world().replica('token', { given: async (_, context) => void seen.push({ ...context }) });
    const bus = await world().voice('config');
    await bus.publish(textGiven, { text: 'x' }, { request_id: 'r-2' });
    await until('it was heard', () => seen.length > 0);
    expect(seen).toEqual([{ request_id: 'r-2' }]);
  });

  it('gives every replica a copy of its own', async () => {
    const seen: object[] = [];
    const note = { announced: async (payload: Text): Promise<void> => void seen.push(payload) };
    await world().replicas('token', [note, note]);
    const payload = { text: 'x' };
    await (await world().voice('config')).publish(textAnnounced, payload);
    await until('both heard', () => seen.length === 2);
    expect(seen[0]).toStrictEqual(payload);
    expect(seen[0]).not.toBe(seen[1]);
    expect(seen).not.toContain(payload);
  });

  it('finishes what it is hearing when a replica stops', async () => {
    let [begun, ended] = [false, false];
    const app = await world().replica('token', {
      given: async () => {
        begun = true;
        await pause(100);
        ended = true;
      },
    });
    await (await world().voice('config')).publish(textGiven, { text: 'x' });
    await until('the handler has begun', () => begun);
    await app.close();
    expect(ended).toBe(true);
  });
}
