import { isAbsolute } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { BackendPlugin, QueueMessage } from '@slack-mcp/core';
import type { ConsumerOrders, ConsumerReport } from './consumer-process.ts';

// Started by `spawnConsumerChild` as a process that is killed later. Consumes with the backend of a module and reports
// each step.

/** Milliseconds that a message is in flight before the process reports the message, acks it or dies. */
const WORK_MS = 50;

const report = (message: ConsumerReport): void => {
  process.send?.(message);
};

async function main(orders: ConsumerOrders & { module: string }): Promise<void> {
  const url = isAbsolute(orders.module) ? pathToFileURL(orders.module).href : orders.module;
  const { default: plugin } = (await import(url)) as { default: BackendPlugin };
  const backend = plugin.Backend.fromEnv(orders.env);
  const subscription = backend.consume({ ...orders.consume, ack: 'manual' });
  await subscription.ready;
  report({ kind: 'ready' });
  const { acks = 0, takes = Number.POSITIVE_INFINITY, deadly } = orders.conduct;
  for (let taken = 0; taken < takes; taken += 1) {
    const { value: message, done } = await subscription.next();
    if (done) return;
    if (deadly === undefined) void hold(message, taken < acks);
    else void survive(message, deadly);
  }
}

async function hold(message: QueueMessage, acks: boolean): Promise<void> {
  await received(message);
  if (acks) await acked(message);
}

async function survive(message: QueueMessage, deadly: number): Promise<void> {
  await received(message);
  if (message.payload['n'] === deadly) process.kill(process.pid, 'SIGKILL');
  else await acked(message);
}

async function received(message: QueueMessage): Promise<void> {
  const { messageId, retryCount, deliveryCount } = message.metadata;
  // A message is in flight for some time before this process may be killed, so that its delivery counts.
  await elapse(WORK_MS);
  report({ kind: 'received', n: message.payload['n'] as number, messageId, retryCount, deliveryCount });
}

async function acked(message: QueueMessage): Promise<void> {
  await message.ack();
  report({ kind: 'acked', n: message.payload['n'] as number });
}

process.once('disconnect', () => process.exit(1));
process.once('message', (orders: ConsumerOrders & { module: string }) => {
  main(orders).catch((error: unknown) => {
    report({ kind: 'failed', reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  });
});
