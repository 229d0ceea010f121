import { namespace } from '@slack-mcp/brokers';
import { onTestFinished } from 'vitest';
import {
  RedisTaskMessageQueue,
  type RedisTaskMessageQueueOptions,
  RedisTaskStore,
  type RedisTaskStoreOptions,
} from '../../src/task-queue/index.ts';

/** A prefix for the names of one test. */
export function freshPrefix(): string {
  return `${namespace('tasks')}:`;
}

/** Opens a queue and closes it after the test. */
export function openQueue(options: RedisTaskMessageQueueOptions): RedisTaskMessageQueue {
  const queue = new RedisTaskMessageQueue({ prefix: freshPrefix(), ...options });
  onTestFinished(() => queue.close());
  return queue;
}

/** Opens a store and closes it after the test. */
export function openStore(options: RedisTaskStoreOptions): RedisTaskStore {
  const store = new RedisTaskStore({ prefix: freshPrefix(), ...options });
  onTestFinished(() => store.close());
  return store;
}
