import type { BackendHealth, GroupHealth } from '@slack-mcp/core';
import { checkHealth } from '@slack-mcp/core/backend';
import type { RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { replyCode, toQueueError } from './redis-error.ts';
import { backlogScript } from './scripts/backlog.ts';
import { StreamNames } from './stream-names.ts';

/** Maximum number of queues (one per key and group) in the detail. */
const MAX_LISTED = 50;

/** Share of `maxmemory` above which Redis may refuse publishing. */
const NEARLY_FULL = 0.95;

/** The warning if the Redis user may not run `INFO`, because a full or failing Redis would then look healthy. */
const UNCHECKED =
  'memory, disk and replication are not checked: the Redis user may not run INFO; grant it the command (+info)';

type Detail = BackendHealth['detail'];
type Info = Readonly<Record<string, string>>;

/** Reports the state of Redis and settings that can lose data. Changes nothing. Never rejects. */
export async function redisHealth(
  connection: RedisConnection,
  options: ResolvedOptions,
  unsettled: number,
): Promise<BackendHealth> {
  const { endpoint } = options;
  return checkHealth({
    check: () => ask(connection, options, unsettled),
    failed: (cause) => toQueueError(cause, 'checking the health', endpoint),
    lastError: () => connection.lastError,
    detail: { endpoint, unsettled },
  });
}

async function ask(connection: RedisConnection, options: ResolvedOptions, unsettled: number): Promise<BackendHealth> {
  const start = performance.now();
  await connection.ping();
  const latencyMs = performance.now() - start;
  const [memory, persistence, replication, backlog] = await Promise.all([
    info(connection, 'memory'),
    info(connection, 'persistence'),
    info(connection, 'replication'),
    countBacklog(connection, options),
  ]);
  const { full, counts, groups } = backlog;
  const detail: Detail = { endpoint: options.endpoint, full, unsettled, ...counts };
  const problems = new Set([
    ...memory.flatMap(memoryProblems),
    ...persistence.flatMap(diskProblems),
    ...replication.flatMap(replicaProblems),
  ]);
  if (memory.length === 0) problems.add(UNCHECKED);
  const warnings = new Set([...memory.flatMap(memoryWarnings), ...persistence.flatMap(diskWarnings)]);
  if (problems.size > 0) detail['problem'] = [...problems].join('. ');
  if (warnings.size > 0) detail['warnings'] = [...warnings].join('. ');
  const degraded = full || unsettled > 0 || problems.size > 0 || memory.some(evicts);
  return { status: degraded ? 'degraded' : 'up', latencyMs, groups, detail };
}

/**
 * Returns a problem if the memory is full or nearly full. Redis counts the size of the command, too, so it refuses a
 * large message slightly earlier than a small message.
 */
function memoryProblems(memory: Info): string[] {
  const used = Number(memory['used_memory']) - Number(memory['mem_not_counted_for_evict'] ?? 0);
  const share = used / Number(memory['maxmemory']);
  if (/^allkeys/.test(memory['maxmemory_policy'] ?? '') || !(share > NEARLY_FULL) || !Number.isFinite(share)) return [];
  return [
    `the memory of Redis is ${Math.floor(share * 100)} % full: publishing is refused or soon will be; raise maxmemory or consume waiting messages`,
  ];
}

function diskProblems(persistence: Info): string[] {
  const failed = ['aof_last_write_status', 'rdb_last_bgsave_status'].some((name) => persistence[name] === 'err');
  return failed ? ['Redis failed to write to its disk and may refuse writes; see its log'] : [];
}

function replicaProblems(replication: Info): string[] {
  const problems: string[] = [];
  if (replication['role'] === 'slave' && replication['slave_read_only'] === '1') {
    problems.push('this Redis is a replica and refuses writes; connect to its master');
  }
  // The field exists only if `min-replicas-to-write` is set.
  if (replication['role'] === 'master' && replication['min_slaves_good_slaves'] === '0') {
    problems.push('Redis refuses writes because it has too few replicas; see min-replicas-to-write');
  }
  return problems;
}

/** Whether Redis deletes messages when its memory is full. */
function evicts(memory: Info): boolean {
  return memory['maxmemory'] !== '0' && /^allkeys/.test(memory['maxmemory_policy'] ?? '');
}

function memoryWarnings(memory: Info): string[] {
  const policy = memory['maxmemory_policy'] ?? 'noeviction';
  return policy === 'noeviction' ? [] : [`maxmemory-policy is ${policy}: a full Redis deletes data; set noeviction`];
}

function diskWarnings(persistence: Info): string[] {
  const volatile = persistence['aof_enabled'] === '0';
  return volatile ? ['no append-only file: a restart loses messages; set appendonly yes'] : [];
}

/** Returns a section of `INFO` from each node, or an empty list if the Redis user lacks the permission. */
async function info(connection: RedisConnection, section: string): Promise<Info[]> {
  try {
    return (await connection.callEach('INFO', section)).map((text) => parseInfo(String(text)));
  } catch {
    return [];
  }
}

function parseInfo(text: string): Info {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/** Error codes with which Redis refuses a script that may write. */
const NO_SCRIPTS: readonly unknown[] = ['NOPERM', 'MISCONF', 'NOREPLICAS', 'OOM', 'READONLY'];

/** The reply of the script for one group. */
type Counted = [group: string, pending: number, lag: number, uncertain: number, oldestAgeMs: number];

/** The backlogs of the groups of the configured keys. */
interface Backlog {
  /** Whether the backlog of a group has reached `maxBacklog`. */
  full: boolean;
  readonly counts: Detail;
  readonly groups: GroupHealth[];
}

/**
 * Counts the undelivered messages, the pending messages and the dead letters of each group, for the configured keys.
 * Reports no groups if Redis refuses the script.
 */
async function countBacklog(
  connection: RedisConnection,
  { keys, prefix, maxBacklog }: ResolvedOptions,
): Promise<Backlog> {
  const backlog: Backlog = { full: false, counts: {}, groups: [] };
  let listed = 0;
  for (const key of keys) {
    const names = new StreamNames(prefix, key);
    const { stream, counted } = names;
    const reply = await backlogScript.run(connection, [stream, counted], [maxBacklog]).catch((error: unknown) => {
      if (NO_SCRIPTS.includes(replyCode(error))) return [];
      throw error;
    });
    for (const [group, pending, lag, uncertain, oldestAgeMs] of reply as Counted[]) {
      if (uncertain === 0 && pending + lag >= maxBacklog) backlog.full = true;
      listed += 1;
      if (listed > MAX_LISTED) continue;
      backlog.counts[`${key}/${group} undelivered`] = uncertain === 0 ? lag : `at most ${lag}`;
      backlog.counts[`${key}/${group} pending`] = pending;
      const deadLetters = Number(await connection.call('XLEN', names.dead(group)));
      backlog.groups.push({ key, group, lag: lag + pending, oldestAgeMs, deadLetters });
    }
  }
  return backlog;
}
