import { pause, type ResolvedConsumeOptions } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { groupLag } from './group-lag.ts';
import type { ResolvedOptions } from './options.ts';

const CHECK_MS = 60_000;

/**
 * Logs `queue_messages_expiring` when messages that a group has not settled are about to expire. Logs the event once,
 * and again only after the group has caught up in between. Resolves when the signal is aborted.
 */
export async function watchExpiry(
  connection: KafkaConnection,
  options: ResolvedOptions,
  { keys, group }: ResolvedConsumeOptions & { group: string },
  signal: AbortSignal,
): Promise<void> {
  const warned = new Set<string>();
  do {
    for (const key of keys) {
      try {
        const { expiresInMs, oldestAgeMs, count } = (await groupLag(connection, options, key, group)) ?? {};
        if (expiresInMs === undefined) warned.delete(key);
        else if (!warned.has(key) && !signal.aborted) {
          warned.add(key);
          options.logger.warn({ key, group, lag: count, oldestAgeMs, expiresInMs }, 'queue_messages_expiring');
        }
      } catch {
        // Reading and the membership report that the cluster is unavailable.
      }
    }
  } while (await pause(CHECK_MS, signal));
}
