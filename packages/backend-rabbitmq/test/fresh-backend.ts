import { namespace } from '@slack-mcp/brokers';
import type { QueueMessage, Subscription } from '@slack-mcp/core';
import { onTestFinished } from 'vitest';
import { RabbitMQBackend, type RabbitMQBackendOptions } from '../src/index.ts';

export const KEY = 'slack_events';

/** A prefix that no other test uses. */
export function freshPrefix(): string {
  return `${namespace()}:`;
}

/** Creates a backend and closes it after the test. Its names are unique unless a prefix is given. */
export function freshBackend(options: RabbitMQBackendOptions): RabbitMQBackend {
  const backend = new RabbitMQBackend({ prefix: freshPrefix(), ...options });
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  return backend;
}

/** The next message. */
export async function receive(subscription: Subscription): Promise<QueueMessage> {
  const result = await subscription.next();
  if (result.done) throw new Error('the iteration ended');
  return result.value;
}
