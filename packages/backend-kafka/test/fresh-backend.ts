import { namespace } from '@slack-mcp/brokers';
import type { Logger, QueueMessage, Subscription } from '@slack-mcp/core';
import { onTestFinished } from 'vitest';
import { KafkaBackend, type KafkaBackendOptions } from '../src/index.ts';

export const KEY = 'slack_events';

/** A prefix that no other test uses. */
export function freshPrefix(): string {
  return `${namespace()}.`;
}

/** Creates a backend and closes it after the test. Its keys are unique unless a prefix is given. */
export function freshBackend(options: KafkaBackendOptions): KafkaBackend {
  const backend = new KafkaBackend({ prefix: freshPrefix(), partitions: 1, ...options });
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  return backend;
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

/** A logger that keeps the names of what it is given. */
export function keepLogs(): { logger: Logger; names: string[]; entries: Record<string, unknown>[] } {
  const names: string[] = [];
  const entries: Record<string, unknown>[] = [];
  const keep = (entry: object | string, name?: string): void => {
    names.push(String(name));
    entries.push(entry as Record<string, unknown>);
  };
  return { logger: { debug() {}, info: keep, warn: keep, error: keep }, names, entries };
}
