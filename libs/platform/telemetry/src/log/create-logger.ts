import { destination, pino, type DestinationStream, type Logger as Pino } from 'pino';
import { blackenFields, blackenText } from './blacken.js';
import type { LogFields, Logger, logLevels } from './logger.js';

export interface LoggerOptions {
  readonly level: (typeof logLevels)[number];
  /** Where lines go; standard output when unsaid. */
  readonly stream?: DestinationStream;
  /** Carried by every line. */
  readonly fields?: LogFields;
}

type Level = 'debug' | 'info' | 'warn' | 'error';

class PinoLogger implements Logger {
  constructor(private readonly pino: Pino) {}

  debug(fields: LogFields, message: string): void {
    this.write('debug', fields, message);
  }

  info(fields: LogFields, message: string): void {
    this.write('info', fields, message);
  }

  warn(fields: LogFields, message: string): void {
    this.write('warn', fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.write('error', fields, message);
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.pino.child(blackenFields(fields)));
  }

  private write(level: Level, fields: LogFields, message: string): void {
    if (!this.pino.isLevelEnabled(level)) return;
    this.pino[level](blackenFields(fields), blackenText(message));
  }
}

/** A logger that writes one JSON object a line, synchronously, so that the last words of a dying process are kept. */
export const createLogger = ({ level, stream, fields = {} }: LoggerOptions): Logger => {
  const target = stream ?? destination({ fd: 1, sync: true });
  const options = {
    level,
    base: null,
    // Fields are blackened before; the library's own idea of `err` would only undo their shape.
    serializers: { err: (value: unknown) => value },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return new PinoLogger(pino(options, target).child(blackenFields(fields)));
};

const silence = (): void => undefined;

/** Says nothing; for tests and for callers that do not care. */
export const silentLogger: Logger = {
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
  child: () => silentLogger,
};
