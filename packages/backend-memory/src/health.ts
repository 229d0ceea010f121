import type { BackendHealth, GroupHealth } from '@slack-mcp/core';
import type { MemoryBroker } from './broker.ts';
import type { GroupQueue } from './group-queue.ts';

/** Maximum number of pairs of key and group in the details. */
const MAX_LISTED = 50;

/** Returns the health of a broker, with totals, and with the counts of up to 50 pairs of key and group. */
export function brokerHealth(broker: MemoryBroker | undefined, maxBacklog: number): BackendHealth {
  const queues = [...(broker?.queues.values() ?? [])];
  const groups = broker?.groups ?? [];
  const detail: BackendHealth['detail'] = {
    instances: broker?.instances ?? 0,
    keys: queues.length,
    groups: groups.length,
    independentConsumers: queues.reduce((total, queue) => total + queue.independents, 0),
    stored: queues.reduce((total, queue) => total + queue.stored, 0),
    retained: queues.reduce((total, queue) => total + queue.retained, 0),
    trimmed: queues.reduce((total, queue) => total + queue.trimmed, 0),
  };
  for (const { key, group, undelivered, pending, retries, deadLetters } of groups.slice(0, MAX_LISTED)) {
    const pair = `${key}/${group}`;
    detail[`${pair} undelivered`] = undelivered;
    detail[`${pair} pending`] = pending;
    detail[`${pair} retries`] = retries;
    detail[`${pair} deadLetters`] = deadLetters.size;
  }
  const full = queues.some((queue) => queue.mostKept >= maxBacklog);
  return {
    status: full ? 'degraded' : 'up',
    latencyMs: 0,
    backlog: broker?.backlog ?? 0,
    groups: groups.slice(0, MAX_LISTED).flatMap(groupHealth),
    detail: { ...detail, full },
  };
}

function groupHealth({ key, group, backlog, oldest, deadLetters }: GroupQueue): GroupHealth[] {
  if (group === undefined) return [];
  const oldestAgeMs = oldest === undefined ? 0 : Math.max(0, Date.now() - oldest);
  return [{ key, group, lag: backlog, oldestAgeMs, deadLetters: deadLetters.size }];
}
