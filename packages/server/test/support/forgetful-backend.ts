import type { MemoryBackend } from '@slack-mcp/backend-memory';
import { payloadOf, type QueueBackend } from '@slack-mcp/core';
import { memoryBackend } from './ingress-server.ts';

/** A backend that stores every publish, duplicates included. */
export interface ForgetfulBackend {
  readonly backend: QueueBackend;
  /** The `event_id` of each message, in order. */
  readonly stored: string[];
  /** Steps that the next publishes run first, one each. */
  readonly outcomes: (() => Promise<void>)[];
}

export function forgetfulBackend(memory: MemoryBackend = memoryBackend()): ForgetfulBackend {
  const stored: string[] = [];
  const outcomes: (() => Promise<void>)[] = [];
  const backend = new Proxy<QueueBackend>(memory, {
    get: (target, property) => {
      if (property === 'capabilities') return { ...target.capabilities, idempotentPublish: false };
      if (property === 'publish') return publish;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const publish: QueueBackend['publish'] = async (key, payload, { messageId: _, ...options } = {}) => {
    await outcomes.shift()?.();
    await memory.publish(key, payload, options);
    stored.push(String(payloadOf(payload)['event_id']));
  };
  return { backend, stored, outcomes };
}
