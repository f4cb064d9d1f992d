/** What joins the lines of one request, journey or message; everything else a line says is free. */
export interface LogFields {
  readonly request_id?: string;
  readonly tenant?: string;
  readonly track?: string;
  readonly party?: string;
  readonly sequence?: string;
  /** Anything thrown; written as type, message and stack, without the values inside it. */
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/**
 * Structured log. Values of fields that are named like a secret, a code or a token are left out, and texts that look
 * like one are blackened wherever they stand, so that a careless line gives nothing away.
 */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger whose every line carries the fields. */
  child(fields: LogFields): Logger;
}
