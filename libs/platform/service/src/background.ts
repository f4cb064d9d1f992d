import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap, type Provider } from '@nestjs/common';

/** Work that goes on beside requests: beats, sweeps, publishers. */
export interface BackgroundWork {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/**
 * Starts work when the application is up, in the order given, and stops it in the opposite order before connections go.
 * One provider of a module.
 */
export const background = (...works: readonly BackgroundWork[]): Provider => {
  @Injectable()
  class Background implements OnApplicationBootstrap, BeforeApplicationShutdown {
    async onApplicationBootstrap(): Promise<void> {
      for (const work of works) await work.start();
    }

    async beforeApplicationShutdown(): Promise<void> {
      for (const work of [...works].reverse()) await work.stop();
    }
  }
  return Background;
};
