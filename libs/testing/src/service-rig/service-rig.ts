import { Controller, Module, type DynamicModule, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { memoryBus, type ServiceBus } from '@corsac/bus';
import type {
  Answer,
  Bus,
  BusEvent,
  DeliveryInfo,
  DurableEvent,
  MessageContext,
  Question,
  ServiceName,
} from '@corsac/contracts';
import {
  MemoryItemStore,
  openDatabase,
  parseMasterKeys,
  Sealer,
  type Database,
  type ItemStore,
  type MasterKeys,
} from '@corsac/data';
import { createHttpApp, type HttpApp } from '@corsac/http';
import { fail } from '@corsac/outcome';
import type { OutboundClient } from '@corsac/outbound';
import { Answers, Hears, HearsDurable, type Service, type ServiceParts } from '@corsac/service';
import { silentLogger, silentMetrics } from '@corsac/telemetry';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A clock that stands until a test moves it. */
export class TestClock {
  constructor(private ms = Date.UTC(2026, 0, 1)) {}

  nowMs(): number {
    return this.ms;
  }

  /** Unix seconds. */
  now(): number {
    return Math.floor(this.ms / 1000);
  }

  advance(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

/** What another service answers and hears in a test, by contract. */
export class OtherService {
  private readonly controllers: Type<unknown>[] = [];

  constructor(readonly name: ServiceName) {}

  answers<Request, Response, Refusal extends string>(
    question: Question<Request, Response, Refusal>,
    answer: (
      request: Request,
      context: MessageContext,
    ) => Promise<Answer<Response, Refusal>> | Answer<Response, Refusal>,
  ): this {
    @Controller()
    class Answering {
      @Answers(question)
      async answer(request: Request, context: MessageContext): Promise<Answer<Response, Refusal>> {
        return answer(request, context);
      }
    }
    this.controllers.push(Answering);
    return this;
  }

  hears<Payload>(event: BusEvent<Payload>, hear: (payload: Payload) => void): this {
    const service = this.name;
    @Controller()
    class Hearing {
      @Hears(event, service)
      async hear(payload: Payload): Promise<void> {
        hear(payload);
      }
    }
    this.controllers.push(Hearing);
    return this;
  }

  carriesOut<Payload>(
    event: DurableEvent<Payload>,
    carryOut: (payload: Payload, delivery: DeliveryInfo) => Promise<void> | void,
  ): this {
    const service = this.name;
    @Controller()
    class CarryingOut {
      @HearsDurable(event, service)
      async carryOut(payload: Payload, delivery: DeliveryInfo): Promise<void> {
        await carryOut(payload, delivery);
      }
    }
    this.controllers.push(CarryingOut);
    return this;
  }

  module(): DynamicModule {
    @Module({})
    class OtherModule {}
    return { module: OtherModule, controllers: this.controllers };
  }
}

export interface RigOptions {
  readonly service: Service;
  readonly databaseUrl: string;
  readonly others?: readonly OtherService[];
  readonly clock?: { nowMs(): number };
  readonly items?: ItemStore;
  readonly outbound?: OutboundClient;
  readonly settings?: Partial<ServiceParts['settings']>;
}

/** Nobody to call. */
const noOutbound: OutboundClient = {
  get: async () => fail({ kind: 'unreachable', detail: 'the test has no network' }),
  post: async () => fail({ kind: 'unreachable', detail: 'the test has no network' }),
};

/**
 * One service as it is, with its own HTTP and subjects, on a memory bus with stand-ins for the others, a memory store and
 * a real database. What tests of a service talk to.
 */
export class ServiceRig {
  private constructor(
    readonly parts: ServiceParts,
    readonly base: string,
    private readonly running: {
      http: HttpApp;
      server: Server;
      bus: ServiceBus;
      others: INestMicroservice[];
      database: Database;
    },
  ) {}

  static async start(options: RigOptions): Promise<ServiceRig> {
    const { service, others = [] } = options;
    const heard: ServiceName[] = [service.name, ...others.map(({ name }) => name)];
    const bus = memoryBus({ services: heard });
    const database = await openDatabase({ url: options.databaseUrl, schema: service.name, ...service.schema });
    const parts = partsOf(options, bus, database);
    const startedOthers = await Promise.all(others.map((other) => startOther(other, bus)));
    const { logger, metrics } = parts;
    const http = await createHttpApp(service.module(parts), {
      logger,
      metrics,
      clientAddressOf: (address) => address ?? '',
    });
    http.app.connectMicroservice<MicroserviceOptions>(
      { strategy: bus.strategyFor(service.name) },
      { inheritAppConfig: true },
    );
    try {
      await http.app.startAllMicroservices();
      await http.init();
    } catch (error) {
      await Promise.all([...startedOthers.map((other) => other.close()), bus.drain(), database.destroy()]);
      throw error;
    }
    const server = createServer(http.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new ServiceRig(parts, base, { http, server, bus, others: startedOthers, database });
  }

  /** What another service speaks with. */
  busOf(service: ServiceName): Bus {
    return this.running.bus.busFor(service);
  }

  /** Asks the service as `asker` would; throws on a refusal, which a test that expects one asks for by the bus. */
  async ask<Request, Response, Refusal extends string>(
    asker: ServiceName,
    question: Question<Request, Response, Refusal>,
    request: Request,
  ): Promise<Response> {
    const answer = await this.busOf(asker).ask(question, request);
    if (!answer.ok) throw new Error(`${question.subject}: ${JSON.stringify(answer.error)}`);
    return answer.value;
  }

  /** Requests a path of the service over a real socket; redirects are answers, not followed. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.base}${path}`, { redirect: 'manual', ...init });
  }

  async stop(): Promise<void> {
    const { http, server, bus, others, database } = this.running;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await http.app.close();
    await Promise.all(others.map((other) => other.close()));
    await bus.drain();
    await database.destroy();
  }
}

const startOther = async (other: OtherService, bus: ServiceBus): Promise<INestMicroservice> => {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(other.module(), {
    strategy: bus.strategyFor(other.name),
    logger: false,
  });
  await app.listen();
  return app;
};

/** Thirty-two bytes that protect nothing. */
export const testMasterKeys = (): MasterKeys => parseMasterKeys(Buffer.alloc(32, 7).toString('base64url'));

const partsOf = (options: RigOptions, bus: ServiceBus, database: Database): ServiceParts => {
  const masterKeys = testMasterKeys();
  const clock = options.clock ?? { nowMs: Date.now };
  return {
    bus: bus.busFor(options.service.name),
    items: options.items ?? new MemoryItemStore({ now_ms: () => clock.nowMs() }),
    database,
    sealer: new Sealer(masterKeys),
    masterKeys,
    outbound: options.outbound ?? noOutbound,
    clock,
    logger: silentLogger,
    metrics: silentMetrics,
    readiness: { waitFor: () => undefined },
    settings: { base_url: 'http://localhost:4400', embedded: false, environment: {}, ...options.settings },
  };
};
