import { MemoryBackend } from '@slack-mcp/backend-memory';
import type { QueueBackend } from '@slack-mcp/core';
import { createWebhookServer } from '@slack-mcp/server';
import { memoryInUse } from '../memory-in-use.ts';

/** A memory backend without deduplication, so that the server deduplicates events itself. */
const memory = new MemoryBackend({ maxLength: 1_000 });
const backend = new Proxy<QueueBackend>(memory, {
  get: (target, name) => {
    if (name === 'capabilities') return { ...target.capabilities, idempotentPublish: false };
    const value = Reflect.get(target, name) as unknown;
    return typeof value === 'function' ? value.bind(target) : value;
  },
});
const server = createWebhookServer({
  signingSecret: process.argv.slice(2),
  port: 0,
  backend,
  collapseMentions: true,
  responders: { onCommand: () => ({ text: 'ok' }), onOptions: () => undefined },
  processMetrics: true,
});
await server.start();
process.send?.(server.address);
process.on('message', () => process.send?.(memoryInUse()));
process.once('disconnect', () => process.exit());
