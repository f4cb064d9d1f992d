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
    private readonly started: BackgroundWork[] = [];

    async onApplicationBootstrap(): Promise<void> {
      try {
        for (const work of works) {
          await work.start();
          this.started.push(work);
        }
      } catch (error) {
        // A start that fails leaves nothing running behind it.
        await this.beforeApplicationShutdown();
        throw error;
      }
    }

    async beforeApplicationShutdown(): Promise<void> {
      for (const work of this.started.splice(0).reverse()) await work.stop();
    }
  }
  return Background;
};
