import type { Middleware } from './compose.ts';
import { untilAborted } from './interruption.ts';

/** Options of `deduplicate`. */
export interface DeduplicateOptions {
  /** Milliseconds that a handled message is remembered. Default 900000: longer than Slack sends an event again. */
  windowMs?: number;
  /** Most messages remembered, the oldest forgotten first. Default 10000. */
  maxEntries?: number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  now?: () => number;
}

/**
 * Passes over messages that were handled already, by `messageId`: for backends that store what is published twice
 * twice. It remembers only successes, so a retry or a redrive is never held back; a copy that comes while the first is
 * being handled waits for its outcome. The memory is this process's own.
 */
export function deduplicate(options: DeduplicateOptions = {}): Middleware {
  const { windowMs = 900_000, maxEntries = 10_000, now = () => performance.now() } = options;
  const handledAt = new Map<string, number>();
  const running = new Map<string, Promise<void>>();

  const isHandled = (id: string): boolean => {
    const at = handledAt.get(id);
    return at !== undefined && now() - at < windowMs;
  };
  const remember = (id: string): void => {
    handledAt.delete(id);
    handledAt.set(id, now());
    for (const [oldest, at] of handledAt) {
      if (handledAt.size <= maxEntries && now() - at < windowMs) break;
      handledAt.delete(oldest);
    }
  };

  return async (context, next) => {
    const { key, messageId } = context.metadata;
    const id = `${key} ${messageId}`;
    for (let other = running.get(id); other; other = running.get(id)) await other;
    if (isHandled(id)) {
      context.logger.info('event_duplicate');
      return;
    }
    const work = next();
    // A handler that was given up must not hold its own redelivery up.
    const held = untilAborted(work, context.signal)
      .then(
        () => remember(id),
        () => {},
      )
      .finally(() => running.delete(id));
    running.set(id, held);
    try {
      await work;
    } finally {
      await held;
    }
  };
}
