import { setTimeout as elapse } from 'node:timers/promises';
import type { QueueMessage } from '@slack-mcp/core';
import { RedisBackend } from '../src/index.ts';

/** A worker that the payload `{ deadly: true }` kills. It prints the ids of the messages that it handled. */
const [url = '', prefix = '', maxDeliveries, mode] = process.argv.slice(2);
const backend = new RedisBackend({ url, prefix, leaseMs: 300, maxDeliveries: Number(maxDeliveries) });

async function handle(message: QueueMessage): Promise<void> {
  await elapse(5);
  if (message.payload['deadly'] === true) process.kill(process.pid, 'SIGKILL');
  process.send?.(message.metadata.messageId);
}

if (mode === 'one at a time') {
  for await (const message of backend.consume({ group: 'workers', prefetch: 10 })) await handle(message);
} else {
  const messages = backend.consume({ group: 'workers', prefetch: 10, ack: 'manual' });
  for await (const message of messages) void handle(message).then(() => message.ack());
}
