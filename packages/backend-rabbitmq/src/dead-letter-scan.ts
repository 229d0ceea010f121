import { pause } from '@slack-mcp/core/backend';
import type { ConsumeMessage } from 'amqplib';
import { SupervisedChannel, withChannel } from './channel.ts';
import type { OpenConnection } from './connection.ts';
import { MessageWindow, WINDOW } from './message-window.ts';
import { type ParkedMessage, readParked } from './parked-message.ts';
import { isMissing } from './rabbitmq-error.ts';
import type { ScanProgress } from './scan-progress.ts';

/**
 * Number of consecutive checks without a further returned message after which the scan stops waiting. RabbitMQ returns
 * messages one at a time.
 */
const CHECKS = 400;
const CHECK_MS = 20;

/** Options of {@link scanDeadLetters}. */
export interface ScanOptions {
  readonly queue: string;
  readonly group: string;
  /** Maximum number of dead letters in a batch. */
  readonly size: number;
  readonly progress: ScanProgress;
  /** Whether to end the pass early, because another reader waits. Asked after each batch with new dead letters. */
  readonly isInterrupted: () => boolean;
}

/** A batch of dead letters. `remove` removes dead letters of the batch. */
export interface HeldBatch {
  readonly items: readonly ParkedMessage[];
  remove(items: readonly ParkedMessage[]): void;
}

/**
 * Reads, in batches, the messages that a dead-letter queue contains now. Then puts back, in order, the messages that
 * `visit` did not remove. No other reader can receive the messages during the scan. Holds a limited number of messages
 * in memory.
 *
 * @returns whether the scan is complete, either because all messages were read or because `visit` resolved with `false`
 */
export async function scanDeadLetters(
  connection: OpenConnection,
  { queue, group, size, progress, isInterrupted }: ScanOptions,
  visit: (batch: HeldBatch) => Promise<boolean>,
): Promise<boolean> {
  const count = await countOf(connection, queue);
  if (count === 0) return true;
  progress.beginPass();
  const channel = await SupervisedChannel.open(connection);
  const window = new MessageWindow(channel, queue);
  let kept = 0;
  let read = 0;
  let isVisited = false;
  try {
    for (let goOn = true; goOn && read < count; ) {
      if (isVisited && isInterrupted()) return false;
      const messages = await window.take(Math.min(size, WINDOW / 2, count - read));
      if (messages.length === 0) break;
      read += messages.length;
      const removed = new Set<ConsumeMessage>();
      const items: ParkedMessage[] = [];
      for (const message of messages) {
        const item = readParked(message, group);
        const state = progress.note(item.letter.id);
        if (state === 'new') items.push(item);
        else if (state === 'gone') removed.add(message);
      }
      items.sort((a, b) => (a.letter.id < b.letter.id ? -1 : 1));
      const remove = (gone: readonly ParkedMessage[]): void => {
        for (const { message, letter } of gone) {
          removed.add(message);
          progress.removed(letter.id);
        }
      };
      try {
        if (items.length > 0) goOn = await visit({ items, remove });
        isVisited ||= items.length > 0;
      } finally {
        kept += messages.length - removed.size;
        if (channel.isOpen) settle(channel, messages, removed, kept);
      }
    }
    return true;
  } finally {
    try {
      await window.stop();
      if (kept + window.unread > 0) await giveBack(channel, queue, kept + window.unread);
    } finally {
      await channel.close();
    }
  }
}

/** Acks removed messages. An ack for several messages would include kept messages of earlier batches. */
function settle(
  { channel }: SupervisedChannel,
  messages: readonly ConsumeMessage[],
  removed: ReadonlySet<ConsumeMessage>,
  kept: number,
): void {
  const last = messages.at(-1);
  if (kept === 0 && last !== undefined) channel.ack(last, true);
  else for (const message of removed) channel.ack(message);
}

/**
 * Returns messages to the queue. RabbitMQ processes settlements in order: once the messages are back, the acks are
 * done, too. If the channel were closed earlier, RabbitMQ would drop the acks that it has only queued.
 */
async function giveBack(channel: SupervisedChannel, queue: string, count: number): Promise<void> {
  if (!channel.isOpen) return;
  channel.channel.nackAll(true);
  let before = -1;
  for (let check = 0; check < CHECKS; check += 1) {
    const { messageCount } = await channel.ask(`returning the messages of ${queue}`, (amqp) => amqp.checkQueue(queue));
    if (messageCount >= count) return;
    if (messageCount > before) check = 0;
    before = messageCount;
    await pause(CHECK_MS);
  }
}

async function countOf(connection: OpenConnection, queue: string): Promise<number> {
  try {
    return (await withChannel(connection, `counting ${queue}`, (amqp) => amqp.checkQueue(queue))).messageCount;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
