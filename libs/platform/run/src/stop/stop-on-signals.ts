import type { Logger } from '@corsac/telemetry';

export interface StopOptions {
  stop(): Promise<void>;
  readonly logger: Logger;
}

/** A crash lets go of what it can, for this long at most, milliseconds. */
const crashGraceMs = 2000;

/**
 * Ends the process in order on SIGTERM and SIGINT, and when the supervisor that started it is gone; a second signal
 * ends it at once. An exception that nobody caught is a bug of unknown reach: told, then the process ends with code 1.
 */
export const stopOnSignals = ({ stop, logger }: StopOptions): void => {
  let asked = false;
  const end = (code: number): void => {
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        logger.error({ error }, 'the stop did not end in order');
        process.exit(1);
      },
    );
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(signal === 'SIGINT' ? 130 : 143);
    asked = true;
    end(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  if (process.send) process.once('disconnect', () => onSignal('SIGTERM'));
  process.on('uncaughtException', (error) => {
    logger.error({ error }, 'an exception that nobody caught ends this process');
    setTimeout(() => process.exit(1), crashGraceMs).unref();
    end(1);
  });
  process.on('unhandledRejection', (error) => logger.error({ error }, 'a rejection that nobody handled'));
};
