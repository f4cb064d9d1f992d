import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { ok } from '@corsac/outcome';
import type { Answer, DeadLetter, DeliveryInfo, MessageContext, ServiceName } from '@corsac/contracts';
import { Answers, Hears, HearsDurable } from '@corsac/service';
import type { ServiceBus } from '@corsac/bus';
import type { z } from 'zod';
import { deadLettered, readText, repeatText, textAnnounced, textGiven, textPromised } from './contracts.js';

export type Text = z.infer<typeof repeatText.request>;

/** What a replica under test does; the test says only what it is about. */
export interface Behaviour {
  repeat?(request: Text, context: MessageContext): Promise<Answer<Text, 'not_that'>>;
  read?(request: Text, context: MessageContext): Promise<Answer<Text, never>>;
  given?(payload: Text, context: MessageContext): Promise<void>;
  announced?(payload: Text, context: MessageContext): Promise<void>;
  promised?(payload: Text, info: DeliveryInfo): Promise<void>;
  buried?(letter: DeadLetter, info: DeliveryInfo): Promise<void>;
}

const answersOf = (does: Behaviour) => {
  @Controller()
  class SuiteAnswers {
    @Answers(repeatText)
    async repeat(request: Text, context: MessageContext): Promise<Answer<Text, 'not_that'>> {
      return (await does.repeat?.(request, context)) ?? ok(request);
    }

    @Answers(readText)
    async read(request: Text, context: MessageContext): Promise<Answer<Text, never>> {
      return (await does.read?.(request, context)) ?? ok(request);
    }
  }
  return SuiteAnswers;
};

const earsOf = (does: Behaviour, service: 'token' | 'authorize') => {
  @Controller()
  class SuiteEars {
    @Hears(textGiven, service)
    async given(payload: Text, context: MessageContext): Promise<void> {
      await does.given?.(payload, context);
    }

    @Hears(textAnnounced, service)
    async announced(payload: Text, context: MessageContext): Promise<void> {
      await does.announced?.(payload, context);
    }

    @HearsDurable(textPromised, service)
    async promised(payload: Text, info: DeliveryInfo): Promise<void> {
      await does.promised?.(payload, info);
    }
  }
  return SuiteEars;
};

const lettersOf = (does: Behaviour) => {
  @Controller()
  class SuiteLetters {
    @HearsDurable(deadLettered, 'config')
    async buried(letter: DeadLetter, info: DeliveryInfo): Promise<void> {
      await does.buried?.(letter, info);
    }
  }
  return SuiteLetters;
};

const controllersOf = (service: ServiceName, does: Behaviour) => {
  if (service === 'token') return [answersOf(does), earsOf(does, 'token')];
  if (service === 'authorize') return [earsOf(does, 'authorize')];
  return service === 'config' ? [lettersOf(does)] : [];
};

/** Starts one replica of a service as a Nest application of its own, as `run` does. */
export async function startReplica(
  bus: ServiceBus,
  service: ServiceName,
  does: Behaviour = {},
): Promise<INestMicroservice> {
  @Module({ controllers: controllersOf(service, does) })
  class SuiteModule {}
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(SuiteModule, {
    strategy: bus.strategyFor(service),
    logger: false,
  });
  await app.listen();
  return app;
}
