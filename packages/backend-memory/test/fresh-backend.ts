import { randomUUID } from 'node:crypto';
import type { QueueMessage, Subscription } from '@slack-mcp/core';
import { onTestFinished } from 'vitest';
import { MemoryBackend, type MemoryBackendOptions } from '../src/index.ts';

export const KEY = 'slack_events';

/** Creates a backend with isolated queues. It is closed after the test. */
export function freshBackend(options: MemoryBackendOptions = {}): MemoryBackend {
  const backend = new MemoryBackend({ name: randomUUID(), ...options });
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  return backend;
}

export async function publish(backend: MemoryBackend, numbers: readonly number[], key: string = KEY): Promise<void> {
  for (const n of numbers) await backend.publish(key, { n });
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

/** Reads and acks `count` messages in a loop and ends the subscription. */
export async function drain(subscription: Subscription, count: number): Promise<number[]> {
  const messages = await receiveMany(subscription, count);
  await messages.at(-1)?.ack();
  await subscription.return();
  return numbersOf(messages);
}

export function numbersOf(messages: readonly QueueMessage[]): number[] {
  return messages.map(({ payload }) => payload['n'] as number);
}

export function range(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

/** The number of messages that are kept for a group, including dead letters, as reported by `health()`. */
export async function countKept(backend: MemoryBackend, group: string, key: string = KEY): Promise<number> {
  const { detail } = await backend.health();
  const counts = ['undelivered', 'pending', 'retries', 'deadLetters'].map((name) => detail[`${key}/${group} ${name}`]);
  return counts.reduce<number>((total, count) => total + Number(count), 0);
}
