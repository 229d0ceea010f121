import type { Logger } from '@slack-mcp/core';
import type { Middleware } from './compose.ts';
import { untilAborted } from './interruption.ts';
import { loggableError } from './loggable-error.ts';

/** Options of `logging`. */
export interface LoggingOptions {
  /** Default `debug`. */
  level?: keyof Logger;
}

/**
 * Logs when the handling of each event starts (`event_started`, with the milliseconds since it was published) and ends
 * (`event_finished`, with its duration and its error). The outcome is always logged, even without this middleware.
 */
export function logging({ level = 'debug' }: LoggingOptions = {}): Middleware {
  return async ({ logger, metadata, signal }, next) => {
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    logger[level]({ waitedMs: Math.max(0, Date.now() - metadata.timestamp) }, 'event_started');
    try {
      await untilAborted(next(), signal);
      logger[level]({ durationMs: durationMs() }, 'event_finished');
    } catch (error) {
      logger[level]({ durationMs: durationMs(), err: loggableError(error) }, 'event_finished');
      throw error;
    }
  };
}
