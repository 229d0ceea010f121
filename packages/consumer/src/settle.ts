import { isQueueError, type Logger, type QueueMessage } from '@slack-mcp/core';
import type { Outcome } from './retry-policy.ts';

/**
 * Settles a message at the broker. No other code settles messages. Never rejects. If the broker does not confirm a
 * settlement in time, this function logs the failure. The subscription keeps trying to settle the message; if the
 * subscription ends first, the broker delivers the message again.
 */
export async function settle(message: QueueMessage, outcome: Outcome, logger: Logger): Promise<void> {
  const { action } = outcome;
  try {
    if (action === 'ack') await message.ack();
    else if (action === 'retry') await message.nack({ delayMs: outcome.delayMs });
    else if (action === 'dead-letter') await park(message, outcome, logger);
    // The subscription returns the message when it ends; a lost message already belongs to another consumer.
    else if (message.signal.aborted) logger.warn({ action }, 'event_lease_lost');
  } catch (err) {
    const isRetried = isQueueError(err) && err.retryable;
    if (isQueueError(err, 'ERR_QUEUE_LEASE_LOST')) logger.warn({ err, action }, 'event_lease_lost');
    else if (action === 'dead-letter' && !isRetried)
      logger.error({ err, code: outcome.code }, 'event_dead_letter_failed');
    else logger[isRetried ? 'warn' : 'error']({ err, action }, 'event_settle_failed');
  }
}

async function park(
  message: QueueMessage,
  { code, error }: Outcome & { action: 'dead-letter' },
  logger: Logger,
): Promise<void> {
  if (message.metadata.group !== undefined) return message.deadLetter({ error, code });
  // An independent consumer has no dead letters: otherwise it would fail on the message forever.
  logger.error({ code }, 'event_discarded');
  return message.ack();
}
