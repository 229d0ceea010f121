import type { BackendHealth, GroupHealth } from '@slack-mcp/core';
import { pause } from '@slack-mcp/core/backend';
import { SupervisedChannel } from './channel.ts';
import type { RabbitMQClient } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { isMissing, toQueueError } from './rabbitmq-error.ts';

/** Milliseconds after which RabbitMQ counts as unavailable. */
const TIMEOUT_MS = 2_000;
/** Maximum number of queues whose messages are counted. */
const MAX_LISTED = 50;

type Detail = BackendHealth['detail'];

/** Reports the state of RabbitMQ. Changes nothing at RabbitMQ. Never rejects. */
export async function rabbitMQHealth(
  client: RabbitMQClient,
  options: ResolvedOptions,
  unsettled: number,
): Promise<BackendHealth> {
  const { endpoint } = options;
  const patience = new AbortController();
  try {
    const late = pause(TIMEOUT_MS, patience.signal).then(() => {
      throw (
        client.publishing.problem ??
        client.consuming.problem ??
        new Error(`RabbitMQ did not answer within ${TIMEOUT_MS} ms: check its load and the network`)
      );
    });
    late.catch(() => {});
    return await Promise.race([ask(client, options, unsettled), late]);
  } catch (cause) {
    const error = toQueueError(cause, 'checking the health', endpoint);
    return { status: 'down', detail: { endpoint, unsettled, code: error.code, problem: error.message } };
  } finally {
    patience.abort();
  }
}

async function ask(client: RabbitMQClient, options: ResolvedOptions, unsettled: number): Promise<BackendHealth> {
  const [publishing, consuming] = await Promise.all([client.publishing.open(), client.consuming.open()]);
  const start = performance.now();
  const channel = await SupervisedChannel.open(consuming);
  const latencyMs = performance.now() - start;
  await channel.close();
  const detail: Detail = { endpoint: options.endpoint, version: consuming.version, unsettled };
  const groups = await count(client, options, detail);
  const { blocked } = publishing;
  if (blocked !== undefined) {
    detail['problem'] = `RabbitMQ accepts no publishes (${blocked}): free memory or disk space at the broker`;
    detail['blocked'] = blocked;
  }
  const status = blocked !== undefined || unsettled > 0 ? 'degraded' : 'up';
  if (groups === undefined) return { status, latencyMs, detail };
  const backlog = groups.reduce((sum, { lag = 0 }) => sum + lag, 0);
  return { status, latencyMs, backlog, groups, detail };
}

/** Counts the waiting messages and the dead letters of the configured groups. */
async function count(
  client: RabbitMQClient,
  options: ResolvedOptions,
  detail: Detail,
): Promise<GroupHealth[] | undefined> {
  const { groups, keys } = options;
  if (groups.length === 0) return undefined;
  const connection = await client.consuming.open();
  const counted: GroupHealth[] = [];
  let listed = 0;
  let channel = await SupervisedChannel.open(connection);

  /**
   * RabbitMQ does not count messages that a reader holds. While there is a reader, the previous count is used if it is
   * higher.
   */
  async function parkedIn(queue: string): Promise<number | undefined> {
    const counts = await countsOf(queue);
    if (counts === undefined) return undefined;
    const last = client.parked.get(queue);
    const isRead = counts.consumerCount > 0 || client.isReading(queue);
    const count = isRead && last !== undefined ? Math.max(last, counts.messageCount) : counts.messageCount;
    client.parked.set(queue, count);
    return count;
  }

  async function messagesIn(queue: string): Promise<number | undefined> {
    return (await countsOf(queue))?.messageCount;
  }

  async function countsOf(queue: string): Promise<{ messageCount: number; consumerCount: number } | undefined> {
    try {
      return await channel.ask('counting', (amqp) => amqp.checkQueue(queue));
    } catch (error) {
      if (!isMissing(error)) throw error;
      channel = await SupervisedChannel.open(connection);
      return undefined;
    }
  }

  for (const group of groups) {
    for (const key of keys) {
      listed += 1;
      if (listed > MAX_LISTED) break;
      const lag = await messagesIn(client.topology.names.group(group, [key]));
      if (lag === undefined) continue;
      detail[`${key}/${group} waiting`] = lag;
      counted.push({ key, group, lag });
    }
    // One queue contains the dead letters of all keys.
    const deadLetters = listed > MAX_LISTED ? undefined : await parkedIn(client.topology.names.deadLetters(group));
    if (deadLetters !== undefined) counted.push({ key: '*', group, deadLetters });
  }
  await channel.close();
  return counted;
}
