/** Writes one entry: an object of fields, then a short stable text. pino's loggers satisfy it. */
export interface LogMethod {
  (fields: object, message?: string): void;
  (message: string): void;
}

/** What every package logs through. Payloads and secrets never go into it. */
export interface Logger {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
}

const discard = (): void => {};

/** Logs nothing. */
export const silentLogger: Logger = { debug: discard, info: discard, warn: discard, error: discard };
