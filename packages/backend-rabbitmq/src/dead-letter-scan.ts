import { pause } from '@slack-mcp/core/backend';
import type { ConsumeMessage, Replies } from 'amqplib';
import { SupervisedChannel, withChannel } from './channel.ts';
import type { OpenConnection } from './connection.ts';
import { type ParkedMessage, readParked } from './parked-message.ts';
import { isMissing } from './rabbitmq-error.ts';

/** Maximum number of unacknowledged messages that AMQP allows for a consumer. */
const MOST = 65_535;
/** Milliseconds without a message after which a scan expects no further messages. */
const QUIET_MS = 1_000;
/** Maximum number of checks until RabbitMQ has returned all messages to the queue. */
const CHECKS = 400;
const CHECK_MS = 20;

/** Settles dead letters during a scan. */
export interface HeldDeadLetters {
  readonly items: readonly ParkedMessage[];
  /** Removes dead letters. */
  remove(items: readonly ParkedMessage[]): void;
}

/**
 * Reads all messages of a dead-letter queue, and puts the messages that `visit` does not remove back in order. No other
 * reader can receive the messages during the scan.
 */
export async function scanDeadLetters<T>(
  connection: OpenConnection,
  { queue, group }: { queue: string; group: string },
  visit: (held: HeldDeadLetters) => Promise<T>,
): Promise<T> {
  const count = await countOf(connection, queue);
  if (count === 0) return visit({ items: [], remove: () => {} });
  const channel = await SupervisedChannel.open(connection);
  try {
    const messages: ConsumeMessage[] = [];
    const { consumerTag } = await collect(channel, queue, Math.min(count, MOST), messages);
    const items = messages.map((message) => readParked(message, group));
    // A parking whose confirmation was lost is repeated with the same id.
    const unique = new Map(items.map((item) => [item.letter.id, item]));
    const removed = new Set(items.filter((item) => unique.get(item.letter.id) !== item));
    const result = await visit({
      items: [...unique.values()].sort((a, b) => (a.letter.id < b.letter.id ? -1 : 1)),
      remove: (gone) => {
        for (const item of gone) removed.add(item);
      },
    });
    const kept = messages.filter((_, index) => !removed.has(items[index] as ParkedMessage));
    await channel.ask(`returning the messages of ${queue}`, async (amqp) => {
      // Otherwise the consumer would receive what it returns.
      await amqp.cancel(consumerTag);
      if (kept.length === 0) return amqp.ackAll();
      for (const [index, message] of messages.entries())
        if (removed.has(items[index] as ParkedMessage)) amqp.ack(message);
      amqp.nackAll(true);
      // RabbitMQ carries out settlements in order. When the messages are back, the acks are done, too. Closing the
      // channel earlier would undo those that it has only queued.
      for (let check = 0; check < CHECKS; check += 1) {
        if ((await amqp.checkQueue(queue)).messageCount >= kept.length) return;
        await pause(CHECK_MS);
      }
    });
    return result;
  } finally {
    await channel.close();
  }
}

/**
 * Starts a consumer that adds the messages of the queue to `messages`. No other consumer receives these messages until
 * the consumer ends.
 */
function collect(
  channel: SupervisedChannel,
  queue: string,
  expected: number,
  messages: ConsumeMessage[],
): Promise<Replies.Consume> {
  return channel.ask(`reading ${queue}`, async (amqp) => {
    const arrived = Promise.withResolvers<void>();
    await amqp.prefetch(MOST);
    const onMessage = (message: ConsumeMessage | null): void => {
      if (message !== null) messages.push(message);
      if (message === null || messages.length >= expected) arrived.resolve();
    };
    const consumer = await amqp.consume(queue, onMessage, { exclusive: true });
    await untilQuiet(arrived.promise, () => messages.length);
    return consumer;
  });
}

async function countOf(connection: OpenConnection, queue: string): Promise<number> {
  try {
    return (await withChannel(connection, `counting ${queue}`, (amqp) => amqp.checkQueue(queue))).messageCount;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** Waits until all messages have arrived, or until no message has arrived for `QUIET_MS`. */
async function untilQuiet(arrived: Promise<void>, count: () => number): Promise<void> {
  let isComplete = false;
  const done = new AbortController();
  void arrived.then(() => {
    isComplete = true;
    done.abort();
  });
  for (let before = -1; !isComplete && before < count(); ) {
    before = count();
    await pause(QUIET_MS, done.signal);
  }
}
