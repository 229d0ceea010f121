import { isAbsolute } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { BackendPlugin } from '@slack-mcp/core';
import type { ConsumerOrders, ConsumerReport } from './consumer-process.ts';

// Started as a process by `spawnConsumerChild`, to be killed: consumes with the backend of a module and reports each
// step. It acks the first messages as it was told and holds on to the rest, asking for ever more.

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
  let acks = orders.acks;
  for await (const message of subscription) {
    const n = message.payload['n'] as number;
    const { messageId, retryCount, deliveryCount } = message.metadata;
    // A message is at work for a turn before this process may be killed: from then on its delivery counts.
    await nextTurn();
    report({ kind: 'received', n, messageId, retryCount, deliveryCount });
    if (acks > 0) {
      acks -= 1;
      await message.ack();
      report({ kind: 'acked', n });
    }
  }
}

process.once('disconnect', () => process.exit(1));
process.once('message', (orders: ConsumerOrders & { module: string }) => {
  main(orders).catch((error: unknown) => {
    report({ kind: 'failed', reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  });
});
