import { setTimeout as elapse } from 'node:timers/promises';
import type { BackendHealth } from '@slack-mcp/core';
import type { KafkaConnection } from './client.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';

/** Milliseconds after which Kafka counts as unavailable. */
const TIMEOUT_MS = 2_000;

/** Reports the state of Kafka. Changes nothing. Never rejects. */
export async function kafkaHealth(
  { link }: KafkaConnection,
  { endpoint }: ResolvedOptions,
  unsettled: number,
): Promise<BackendHealth> {
  const patience = new AbortController();
  try {
    const start = performance.now();
    const late = elapse(TIMEOUT_MS, undefined, { signal: patience.signal }).then(() => {
      throw link.lastError ?? new Error(`no answer within ${TIMEOUT_MS} ms`);
    });
    late.catch(() => {});
    await Promise.race([link.refresh([]), late]);
    const latencyMs = performance.now() - start;
    return { status: unsettled > 0 ? 'degraded' : 'up', latencyMs, detail: { endpoint, unsettled } };
  } catch (cause) {
    const error = toQueueError(cause, 'asking for the health', endpoint);
    return { status: 'down', detail: { endpoint, unsettled, code: error.code, problem: error.message } };
  } finally {
    patience.abort();
  }
}
