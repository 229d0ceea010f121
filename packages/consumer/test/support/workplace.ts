import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import type { BackendOverrides, ConformanceHarness } from '@slack-mcp/conformance';
import type { JsonObject, PublishOptions, QueueBackend } from '@slack-mcp/core';
import { onTestFinished } from 'vitest';
import { type Consumer, type ConsumerOptions, createConsumer } from '../../src/index.ts';
import { envelope } from './message.ts';
import { recordingLogger } from './recording-logger.ts';

/** How long a test waits for something that should happen at once. */
export const DEADLINE = { timeout: 30_000, interval: 2 };

/** A separate queue with consumers, all closed after the test. */
export interface Workplace {
  readonly backend: QueueBackend;
  readonly namespace: string;
  readonly logger: ReturnType<typeof recordingLogger>;
  /** Creates a consumer of the group `bot` that retries at once. */
  consumer(options?: Partial<ConsumerOptions>): Consumer;
  /** Publishes a message event whose text is its id. */
  publish(id: string, options?: PublishOptions & { event?: JsonObject }): Promise<void>;
}

/** Creates a workplace in memory, or with the backend of a harness. */
export function workplace(harness?: ConformanceHarness, overrides: BackendOverrides = {}): Workplace {
  const namespace = `consumer-${randomUUID()}`;
  const backend = harness?.create({ namespace, ...overrides }) ?? new MemoryBackend({ name: namespace });
  const logger = recordingLogger();
  const consumers: Consumer[] = [];
  onTestFinished(async ({ task }) => {
    // Print the state before the consumers are closed, because closing discards it.
    if (task.result?.state === 'fail') {
      process.stderr.write(
        `${task.name}: ${inspect({ log: logger.entries, health: await backend.health() }, { depth: 5 })}\n`,
      );
    }
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await backend.close({ drainTimeoutMs: 0 });
    await harness?.destroy(namespace);
  });
  return {
    backend,
    namespace,
    logger,
    consumer: (options) => {
      const consumer = createConsumer({
        backend,
        group: 'bot',
        logger,
        retry: { initialDelayMs: 1, jitter: 'none' },
        drainTimeoutMs: 0,
        ...options,
      });
      consumers.push(consumer);
      return consumer;
    },
    publish: (id, { event, ...options } = {}) =>
      backend.publish(
        'slack_events',
        envelope({ type: 'message', channel: 'C1', channel_type: 'channel', text: id, ...event }, id),
        { messageId: id, ...options },
      ),
  };
}
