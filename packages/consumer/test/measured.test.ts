import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { HANDLED_CHANNEL, type HandledMessage } from '@slack-mcp/core';
import { expect, onTestFinished, test } from 'vitest';
import { createConsumer, deduplicate, NonRetryableError } from '../src/index.ts';
import { envelope } from './support/message.ts';

test('publishes the outcome and the duration of each handled message to the channel for metrics', async () => {
  const backend = new MemoryBackend({ name: 'measured', groups: ['bot'] });
  const seen: HandledMessage[] = [];
  const listen = (message: unknown): void => {
    if ((message as HandledMessage).backend === backend) seen.push(message as HandledMessage);
  };
  subscribe(HANDLED_CHANNEL, listen);
  const consumer = createConsumer({ backend, group: 'bot', middleware: [deduplicate()], concurrency: 1 });
  onTestFinished(async () => {
    unsubscribe(HANDLED_CHANNEL, listen);
    await consumer.close({ drainTimeoutMs: 0 });
    await backend.close({ drainTimeoutMs: 0 });
  });
  consumer.any(({ metadata }) => {
    if (metadata.messageId === 'fails') throw new NonRetryableError('broken');
  });
  await consumer.start();
  for (const messageId of ['works', 'fails']) {
    await backend.publish('slack_events', envelope({ type: 'message' }), { messageId });
  }
  await expect.poll(() => seen.length).toBe(2);
  expect(seen.map(({ outcome, context }) => [context.metadata.messageId, context.metadata.group, outcome])).toEqual([
    ['works', 'bot', 'ack'],
    ['fails', 'bot', 'dead-letter'],
  ]);
  for (const { durationMs } of seen) expect(durationMs).toBeGreaterThanOrEqual(0);
});
