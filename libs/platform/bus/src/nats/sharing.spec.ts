import { connect, type Msg } from '@nats-io/transport-node';
import { ok } from '@corsac/outcome';
import type { MessageContext } from '@corsac/contracts';
import { startReplica, suiteContracts } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { natsBus } from './nats-bus.js';
import type { NatsBusOptions } from './options.js';

const [repeatText, readText] = suiteContracts.questions;
if (!repeatText || !readText) throw new Error('the suite has lost its contracts');

describeWith('nats', (url) => {
  /** Runs a test with a replica of the token service, and with everything that is asked written down. */
  const overhearing = async (
    options: Partial<NatsBusOptions>,
    test: (bus: ReturnType<typeof natsBus>, messages: Msg[], contexts: MessageContext[]) => Promise<void>,
  ): Promise<void> => {
    const contracts = suiteContracts;
    const [asker, answerer] = [natsBus({ servers: url, contracts, ...options }), natsBus({ servers: url, contracts })];
    const contexts: MessageContext[] = [];
    const note = async (request: { text: string }, context: MessageContext) => (
      contexts.push({ ...context }),
      ok(request)
    );
    const app = await startReplica(answerer, 'token', { repeat: note, read: note });
    const nats = await connect({ servers: url });
    const messages: Msg[] = [];
    nats.subscribe('corsac.token.v1.suite_text.*', { callback: (_, message) => void messages.push(message) });
    await nats.flush();
    await asker.busFor('authorize').ask(repeatText, { text: 'warm' });
    messages.length = contexts.length = 0;
    try {
      await test(asker, messages, contexts);
    } finally {
      await nats.close();
      await app.close();
      await Promise.all([asker.drain(), answerer.drain()]);
    }
  };

  const texts = (count: number): string[] => Array.from({ length: count }, (_, n) => `text ${n}`);

  it.each([
    [1, 1],
    [2, 1],
    [32, 1],
    [33, 2],
    [100, 4],
  ])('sends %i questions of one turn in %i messages, and answers each', async (count, expected) => {
    await overhearing({}, async (bus, messages) => {
      const voice = bus.busFor('authorize');
      const asked = await Promise.all(texts(count).map((text) => voice.ask(repeatText, { text })));
      expect(asked).toEqual(texts(count).map((text) => ok({ text })));
      expect(messages).toHaveLength(expected);
    });
  });

  it('keeps questions of different subjects and turns apart', async () => {
    await overhearing({}, async (bus, messages) => {
      const voice = bus.busFor('authorize');
      await Promise.all([voice.ask(repeatText, { text: 'a' }), voice.ask(readText, { text: 'b' })]);
      expect(messages.map(({ subject }) => subject).sort()).toEqual([readText.subject, repeatText.subject]);
      await voice.ask(repeatText, { text: 'c' });
      expect(messages).toHaveLength(3);
    });
  });

  it('sends a long question by itself', async () => {
    await overhearing({}, async (bus, messages) => {
      const voice = bus.busFor('authorize');
      const long = 'x'.repeat(200_000);
      const asked = await Promise.all(['a', long, 'b'].map((text) => voice.ask(repeatText, { text })));
      expect(asked.map((one) => one.ok)).toEqual([true, true, true]);
      expect(messages).toHaveLength(2);
    });
  });

  it('sends every question by itself when that is chosen', async () => {
    await overhearing({ share_messages: false }, async (bus, messages) => {
      const voice = bus.busFor('authorize');
      await Promise.all(texts(5).map((text) => voice.ask(repeatText, { text })));
      expect(messages).toHaveLength(5);
    });
  });

  it('carries the trace in W3C headers, and each question of a shared message keeps its own', async () => {
    await overhearing({}, async (bus, messages, contexts) => {
      const voice = bus.busFor('authorize');
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await voice.ask(repeatText, { text: 'x' }, { traceparent, request_id: 'r-0' });
      expect(messages[0]?.headers?.get('traceparent')).toBe(traceparent);
      expect(messages[0]?.headers?.get('request_id')).toBe('r-0');
      await Promise.all(['r-1', 'r-2'].map((request_id) => voice.ask(repeatText, { text: 'x' }, { request_id })));
      expect(contexts).toEqual([{ traceparent, request_id: 'r-0' }, { request_id: 'r-1' }, { request_id: 'r-2' }]);
      expect(messages).toHaveLength(2);
    });
  });

  it.each(['', 'junk', '[]', '[[1]]', '[5]', '{"text":5}', `[${'[{},{}],'.repeat(40)}[{},{}]]`])(
    'survives the message %j on a question subject',
    async (text) => {
      await overhearing({}, async (bus) => {
        const nats = await connect({ servers: url, inboxPrefix: '_INBOX_authorize' });
        const reply = nats.request(repeatText.subject, text, { timeout: 200 });
        await reply.catch(() => undefined);
        await nats.close();
        expect(await bus.busFor('authorize').ask(repeatText, { text: 'still here' })).toEqual(
          ok({ text: 'still here' }),
        );
      });
    },
  );
});
