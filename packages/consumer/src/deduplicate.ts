import { channel } from 'node:diagnostics_channel';
import { DUPLICATE_CHANNEL } from '@slack-mcp/core';
import type { Middleware } from './compose.ts';
import { untilAborted } from './interruption.ts';

/** Options of `deduplicate`. */
export interface DeduplicateOptions {
  /**
   * Milliseconds for which a handled message is remembered. Default 900000 (15 minutes), longer than the period in
   * which Slack retries an event.
   */
  windowMs?: number;
  /** Maximum number of remembered messages; beyond it, the oldest message is forgotten. Default 10000. */
  maxEntries?: number;
  /** A monotonic clock in milliseconds. Default `performance.now`. */
  now?: () => number;
}

/**
 * Skips messages that have already been handled, as identified by `messageId`. Use this middleware with backends that
 * store a repeated publish twice. Only successes are remembered, so retries and redrives are never blocked. A copy that
 * arrives while the message is being handled waits for the outcome. Each process remembers only its own messages.
 */
export function deduplicate(options: DeduplicateOptions = {}): Middleware {
  const { windowMs = 900_000, maxEntries = 10_000, now = () => performance.now() } = options;
  const duplicates = channel(DUPLICATE_CHANNEL);
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
      duplicates.publish(context);
      return;
    }
    const work = next();
    // A handler that was abandoned must not block its own redelivery.
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
