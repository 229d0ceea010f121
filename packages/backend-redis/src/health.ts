import { setTimeout as elapse } from 'node:timers/promises';
import type { BackendHealth } from '@slack-mcp/core';
import type { RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { toQueueError } from './redis-error.ts';
import { StreamNames } from './stream-names.ts';

/** Milliseconds after which Redis is taken to be away. */
const TIMEOUT_MS = 2_000;
/** Most pairs of key and group that are listed. */
const MAX_LISTED = 50;

type Detail = BackendHealth['detail'];

/** Asks Redis how it is, and what its settings can lose. Changes nothing. Never rejects. */
export async function redisHealth(connection: RedisConnection, options: ResolvedOptions): Promise<BackendHealth> {
  const { endpoint } = options;
  const patience = new AbortController();
  try {
    const start = performance.now();
    const late = elapse(TIMEOUT_MS, undefined, { signal: patience.signal }).then(() => {
      throw new Error(`no answer within ${TIMEOUT_MS} ms`);
    });
    late.catch(() => {});
    return await Promise.race([ask(connection, options, start), late]);
  } catch (cause) {
    const error = toQueueError(cause, 'asking for the health', endpoint);
    return { status: 'down', detail: { endpoint, code: error.code, problem: error.message } };
  } finally {
    patience.abort();
  }
}

async function ask(connection: RedisConnection, options: ResolvedOptions, start: number): Promise<BackendHealth> {
  await connection.call('PING');
  const latencyMs = performance.now() - start;
  const [memory, persistence, backlog] = await Promise.all([
    info(connection, 'memory'),
    info(connection, 'persistence'),
    owed(connection, options),
  ]);
  const evicts = memory['maxmemory'] !== '0' && /^allkeys/.test(memory['maxmemory_policy'] ?? '');
  const warnings: string[] = [];
  if (memory['maxmemory_policy'] !== undefined && memory['maxmemory_policy'] !== 'noeviction') {
    warnings.push(`maxmemory-policy is ${memory['maxmemory_policy']}: a full Redis deletes data; set noeviction`);
  }
  if (persistence['aof_enabled'] === '0')
    warnings.push('no append-only file: a restart loses messages; set appendonly yes');
  const full = Object.entries(backlog).some(
    ([name, value]) => name.endsWith(' owed') && Number(value) >= options.maxBacklog,
  );
  const detail: Detail = { endpoint: options.endpoint, full, ...backlog };
  if (warnings.length > 0) detail['warnings'] = warnings.join('. ');
  return { status: evicts || full ? 'degraded' : 'up', latencyMs, detail };
}

/** What `INFO` says of a section; nothing where the user may not ask. */
async function info(connection: RedisConnection, section: string): Promise<Record<string, string>> {
  try {
    const text = String(await connection.call('INFO', section));
    return Object.fromEntries(
      text
        .split('\r\n')
        .filter((line) => line.includes(':'))
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
    );
  } catch {
    return {};
  }
}

/** How much the groups of the configured keys are owed. */
async function owed(connection: RedisConnection, { keys, prefix }: ResolvedOptions): Promise<Detail> {
  const detail: Detail = {};
  for (const key of keys) {
    const { stream } = new StreamNames(prefix, key);
    const rows = await connection.call('XINFO', 'GROUPS', stream).catch(() => []);
    for (const row of rows as (string | number | null)[][]) {
      if (Object.keys(detail).length >= 2 * MAX_LISTED) return detail;
      const value = (name: string): number => Number(row[row.indexOf(name) + 1] ?? 0);
      const pair = `${key}/${row[row.indexOf('name') + 1]}`;
      detail[`${pair} owed`] = value('pending') + (row.includes('lag') ? value('lag') : 0);
      detail[`${pair} pending`] = value('pending');
    }
  }
  return detail;
}
