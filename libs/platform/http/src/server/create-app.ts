import type { DynamicModule, INestApplication, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from '@corsac/telemetry';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpAdapter, type HttpAdapterOptions } from './adapter.js';
import { AnswerBugs } from './answer-bugs.js';

/** A service's Nest application. It listens nowhere; whoever listens hands requests to `handle`. */
export interface HttpApp {
  readonly app: INestApplication;
  /** Runs the module's start-up hooks; only then `handle` may be called. */
  init(): Promise<void>;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/** What the framework says of itself goes to our log; its greetings do not. */
const frameworkLog = (logger: Logger): LoggerService => ({
  log: () => undefined,
  debug: () => undefined,
  verbose: () => undefined,
  warn: (message: unknown) => logger.warn({}, String(message)),
  error: (message: unknown, ...rest: unknown[]) =>
    logger.error({ error: message instanceof Error ? message : undefined, stack: rest[0] }, String(message)),
  fatal: (message: unknown) => logger.error({}, String(message)),
});

/**
 * Makes a Nest application of a service's module: connect its microservices, then `init()`, then `handle` takes requests.
 */
export const createHttpApp = async (module: DynamicModule, options: HttpAdapterOptions): Promise<HttpApp> => {
  const adapter = new HttpAdapter(options);
  const app = await NestFactory.create(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: frameworkLog(options.logger),
  });
  app.useGlobalFilters(new AnswerBugs(adapter));
  const init = async (): Promise<void> => void (await app.init());
  return { app, init, handle: adapter.handle };
};
