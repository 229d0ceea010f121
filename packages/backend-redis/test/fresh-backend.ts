import { namespace } from '@slack-mcp/brokers';
import type { QueueMessage, Subscription } from '@slack-mcp/core';
import { onTestFinished } from 'vitest';
import { RedisBackend, type RedisBackendOptions } from '../src/index.ts';

export const KEY = 'slack_events';

/** A prefix that no other test uses. */
export function freshPrefix(): string {
  return `${namespace()}:`;
}

/** Creates a backend and closes it after the test. Its keys are unique unless a prefix is given. */
export function freshBackend(options: RedisBackendOptions): RedisBackend {
  const backend = new RedisBackend({ prefix: freshPrefix(), ...options });
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  return backend;
}

export async function publish(backend: RedisBackend, numbers: readonly number[], key: string = KEY): Promise<void> {
  await Promise.all(numbers.map((n) => backend.publish(key, { n })));
}

/** The next message. */
export async function receive(subscription: Subscription): Promise<QueueMessage> {
  const result = await subscription.next();
  if (result.done) throw new Error('the iteration ended');
  return result.value;
}

/** The next `count` messages. */
export async function receiveMany(subscription: Subscription, count: number): Promise<QueueMessage[]> {
  const messages: QueueMessage[] = [];
  while (messages.length < count) messages.push(await receive(subscription));
  return messages;
}

export function numbersOf(messages: readonly QueueMessage[]): number[] {
  return messages.map(({ payload }) => payload['n'] as number);
}

export function range(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
