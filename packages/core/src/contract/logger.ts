/**
 * Writes one log entry: an object of fields and a short, stable event name. Loggers from pino are compatible with this
 * type.
 */
export interface LogMethod {
  (fields: object, message?: string): void;
  (message: string): void;
}

/** The logger that all packages accept. No package logs payloads or secrets. */
export interface Logger {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
}

const discard = (): void => {};

/** A logger that discards all entries. */
export const silentLogger: Logger = { debug: discard, info: discard, warn: discard, error: discard };
