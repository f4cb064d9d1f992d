import { setTimeout as pause } from 'node:timers/promises';
import { MessagePattern } from '@nestjs/microservices';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ok } from '@corsac/outcome';
import { busSuite, startReplica, suiteContracts } from '@corsac/testing';
import type { BusMeasure } from '../service-bus.js';
import { memoryBus } from './memory-bus.js';

busSuite('in one process', async () => {
  let bus: ReturnType<typeof memoryBus> | undefined;
  return {
    process: async (options) => (bus ??= memoryBus({ ...options, services: ['token', 'authorize', 'config'] })),
    close: async () => undefined,
  };
});

const [repeatText] = suiteContracts.questions;
const [, announced] = suiteContracts.events;
const [promised] = suiteContracts.durableEvents;
if (!repeatText || !announced || !promised) throw new Error('the suite has lost its contracts');

/** Whether a promise is still open a moment later. */
const isOpen = async (promise: Promise<unknown>, ms = 50): Promise<boolean> =>
  Promise.race([
    promise.then(
      () => false,
      () => false,
    ),
    pause(ms, true),
  ]);

describe('the bus of one process', () => {
  it('keeps the promise of a durable event open until every listening service is done', async () => {
    const bus = memoryBus({ services: ['token', 'authorize'] });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await startReplica(bus, 'token');
    await startReplica(bus, 'authorize', { promised: () => held });
    const taken = bus.busFor('session').publishDurable(promised, { text: 'x' }, 'm-1');
    expect(await isOpen(taken)).toBe(true);
    release();
    await expect(taken).resolves.toBeUndefined();
  });

  it('waits for a service that has not started yet, and for none that this process does not run', async () => {
    const bus = memoryBus({ services: ['token'] });
    const taken = bus.busFor('session').publishDurable(promised, { text: 'x' }, 'm-2');
    expect(await isOpen(taken)).toBe(true);
    const seen: string[] = [];
    await startReplica(bus, 'token', { promised: async ({ text }) => void seen.push(text) });
    await taken;
    expect(seen).toEqual(['x']);
  });

  it('does not let a message that fails hold up the next one', async () => {
    const bus = memoryBus({ services: ['token'] });
    await startReplica(bus, 'token', {
      promised: async ({ text }) => (text === 'bad' ? Promise.reject(new Error('no')) : undefined),
    });
    const bad = bus.busFor('session').publishDurable(promised, { text: 'bad' }, 'm-3');
    await bus.busFor('session').publishDurable(promised, { text: 'good' }, 'm-4');
    expect(await isOpen(bad, 10)).toBe(true);
    await bad;
  });

  it('breaks off what waits for another delivery when it is stopped, so that its row stays', async () => {
    const bus = memoryBus({ services: ['token'] });
    await startReplica(bus, 'token', { promised: () => Promise.reject(new Error('no')) });
    const slow = { ...promised, backoff_ms: [60_000] };
    const taken = bus.busFor('session').publishDurable(slow, { text: 'x' }, 'm-5');
    taken.catch(() => undefined);
    expect(await isOpen(taken)).toBe(true);
    expect(bus.health()).toEqual({ ready: true, detail: 'ok', in_flight: 1 });
    await bus.drain();
    await expect(taken).rejects.toThrow('the bus is stopped');
    expect(bus.health()).toMatchObject({ ready: false, detail: 'stopped' });
  });

  it('delivers again after a restart what was not done before it', async () => {
    const seen: number[] = [];
    for (const run of [1, 2]) {
      const bus = memoryBus({ services: ['token'] });
      await startReplica(bus, 'token', {
        promised: async () => (seen.push(run), run === 1 ? new Promise<void>(() => undefined) : undefined),
      });
      const taken = bus.busFor('session').publishDurable(promised, { text: 'x' }, 'm-6');
      taken.catch(() => undefined);
      if (run === 2) await taken;
      else await pause(20);
    }
    expect(seen).toEqual([1, 2]);
  });

  it('runs no handler inside its caller', async () => {
    const bus = memoryBus();
    const order: string[] = [];
    await startReplica(bus, 'token', {
      repeat: async (request) => (order.push('asked'), ok(request)),
      announced: async () => void order.push('heard'),
    });
    const asking = bus.busFor('authorize').ask(repeatText, { text: 'x' });
    const telling = bus.busFor('config').publish(announced, { text: 'x' });
    order.push('caller goes on');
    await Promise.all([asking, telling]);
    await pause(5);
    expect(order[0]).toBe('caller goes on');
    expect(order.slice(1).sort()).toEqual(['asked', 'heard']);
  });

  it('does not start a service whose handler has no contract', async () => {
    @Controller()
    class Stray {
      @MessagePattern('corsac.token.v1.stray.read')
      handle(): void {}
    }
    @Module({ controllers: [Stray] })
    class StrayModule {}
    const app = await NestFactory.createMicroservice(StrayModule, {
      strategy: memoryBus().strategyFor('token'),
      logger: false,
    });
    await expect(app.listen()).rejects.toThrow('the handler of corsac.token.v1.stray.read in token has no contract');
  });

  it('measures both sides of a question, and fills in the context of who asks', async () => {
    const measures: BusMeasure[] = [];
    const seen: object[] = [];
    const bus = memoryBus({
      measured: (measure) => void measures.push(measure),
      currentContext: () => ({ request_id: 'now', traceparent: 't' }),
    });
    await startReplica(bus, 'token', { repeat: async (request, context) => (seen.push({ ...context }), ok(request)) });
    await bus.busFor('authorize').ask(repeatText, { text: 'x' }, { request_id: 'given' });
    expect(seen).toEqual([{ request_id: 'given', traceparent: 't' }]);
    expect(measures.map(({ kind, service, result }) => [kind, service, result])).toEqual([
      ['answered', 'token', 'ok'],
      ['asked', 'authorize', 'ok'],
    ]);
  });
});
