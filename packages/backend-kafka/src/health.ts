import type { BackendHealth, GroupHealth } from '@slack-mcp/core';
import { checkHealth } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { type GroupLag, groupLag } from './group-lag.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';

/** Maximum number of queues (one per key and group) in the detail. */
const MAX_LISTED = 50;

/** Reports the state of Kafka, and the lag of each group in the options. Changes nothing in Kafka. Never rejects. */
export function kafkaHealth(
  connection: KafkaConnection,
  options: ResolvedOptions,
  unsettled: number,
): Promise<BackendHealth> {
  const { endpoint } = options;
  return checkHealth({
    check: () => ask(connection, options, unsettled),
    failed: (cause) => toQueueError(cause, 'checking the health', endpoint),
    lastError: () => connection.link.lastError as Error | undefined,
    detail: { endpoint, unsettled },
  });
}

async function ask(connection: KafkaConnection, options: ResolvedOptions, unsettled: number): Promise<BackendHealth> {
  const { endpoint, keys, groups } = options;
  const start = performance.now();
  await connection.link.refresh([]);
  const latencyMs = performance.now() - start;
  const pairs = keys.flatMap((key) => groups.map((group) => ({ key, group }))).slice(0, MAX_LISTED);
  const lags = await Promise.all(pairs.map(({ key, group }) => groupLag(connection, options, key, group)));
  const known = lags.filter((lag) => lag !== undefined);
  const detail: BackendHealth['detail'] = { endpoint, unsettled, ...Object.assign({}, ...known.map(describe)) };
  const backlog = known.reduce((sum, { count }) => sum + count, 0);
  const isLosing = known.some(({ expired, expiresInMs }) => expired > 0 || expiresInMs !== undefined);
  const status = unsettled > 0 || isLosing ? 'degraded' : 'up';
  if (groups.length === 0) return { status, latencyMs, detail };
  return { status, latencyMs, backlog, groups: known.map(groupHealth), detail };
}

/** Converts the lag of a group. If the group has no unsettled messages, the age of its oldest message is 0. */
function groupHealth({ key, group, count, oldestAgeMs }: GroupLag): GroupHealth {
  const age = count === 0 ? 0 : oldestAgeMs;
  return { key, group, lag: count, ...(age !== undefined && { oldestAgeMs: age }) };
}

function describe({ key, group, count, expired, oldestAgeMs, expiresInMs }: GroupLag): BackendHealth['detail'] {
  const name = `${key} ${group}`;
  return {
    [`${name} lag`]: count,
    ...(oldestAgeMs === undefined ? {} : { [`${name} oldestAgeMs`]: oldestAgeMs }),
    ...(expiresInMs === undefined ? {} : { [`${name} expiresInMs`]: expiresInMs }),
    ...(expired === 0 ? {} : { [`${name} expired`]: expired }),
  };
}
