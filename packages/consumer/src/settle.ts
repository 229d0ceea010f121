import { isQueueError, type Logger, type QueueMessage } from '@slack-mcp/core';
import type { Outcome } from './retry-policy.ts';

/** How long a message waits that could not be parked, before it is tried again. */
const PARK_AGAIN_MS = 30_000;

/**
 * Tells the broker what became of a message: the only place that does. Never rejects. What cannot be settled is
 * delivered again by the broker, and is logged.
 */
export async function settle(message: QueueMessage, outcome: Outcome, logger: Logger): Promise<void> {
  try {
    if (outcome.action === 'ack') await message.ack();
    else if (outcome.action === 'retry') await message.nack({ delayMs: outcome.delayMs });
    else await park(message, outcome, logger);
  } catch (err) {
    if (isQueueError(err, 'ERR_QUEUE_LEASE_LOST')) logger.warn({ err, action: outcome.action }, 'event_lease_lost');
    else logger.error({ err, action: outcome.action }, 'event_settle_failed');
  }
}

async function park(
  message: QueueMessage,
  { code, error }: Outcome & { action: 'dead-letter' },
  logger: Logger,
): Promise<void> {
  if (message.metadata.group === undefined) {
    // An independent consumer has no dead letters: it would fail on the message for ever.
    logger.error({ code }, 'event_discarded');
    return message.ack();
  }
  try {
    await message.deadLetter({ error, code });
  } catch (err) {
    if (isQueueError(err, 'ERR_QUEUE_LEASE_LOST')) throw err;
    logger.error({ err, code }, 'event_dead_letter_failed');
    await message.nack({ delayMs: PARK_AGAIN_MS });
  }
}
