import type { Logger } from '@corsac/telemetry';

/** A crash lets go of what it can, for this long at most, milliseconds. */
const crashGraceMs = 2000;

const codeOf = (signal: NodeJS.Signals): number => (signal === 'SIGINT' ? 130 : 143);

/**
 * Obeys SIGTERM, SIGINT and the end of the supervisor that started this process. While it still starts, a signal ends it
 * at once; what it started goes with it by handlers of `exit`, which a signal alone would not run.
 * @returns where to say how to stop in order, once there is something to stop; a second signal then ends at once
 */
export const stopOnSignals = (logger: Logger): ((stop: () => Promise<void>) => void) => {
  let stopInOrder: (() => Promise<void>) | undefined;
  let asked = false;
  const end = async (code: number): Promise<void> => {
    try {
      await stopInOrder?.();
      process.exit(code);
    } catch (error) {
      logger.error({ error }, 'the stop did not end in order');
      process.exit(1);
    }
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked || !stopInOrder) process.exit(codeOf(signal));
    asked = true;
    void end(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // Who started us may have ended while our code was being loaded: that is not told again.
  if (process.send && !process.connected) onSignal('SIGTERM');
  if (process.send) process.once('disconnect', () => onSignal('SIGTERM'));
  // A bug of unknown reach: told, then the process ends, in order as far as it can.
  process.on('uncaughtException', (error) => {
    logger.error({ error }, 'an exception that nobody caught ends this process');
    setTimeout(() => process.exit(1), crashGraceMs).unref();
    void end(1);
  });
  process.on('unhandledRejection', (error) => logger.error({ error }, 'a rejection that nobody handled'));
  return (stop) => {
    stopInOrder = stop;
  };
};
