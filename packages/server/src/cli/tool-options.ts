import { BackendNotFoundError, ConfigurationError, type Logger, loadTaskQueues } from '@slack-mcp/core';
import type { ToolSettings } from '../config/server-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import type { IdempotencyStore } from '../mcp/gates/idempotency/idempotency-store.ts';
import type { ToolOptions } from '../mcp/mcp-host.ts';
import type { McpTaskQueues } from '../mcp/tasks/tasks.ts';

/**
 * Settings as the options of a server, with what keeps idempotency keys and tasks. Each is loaded only where it is asked
 * for: over stdio the client waits for the process to start.
 *
 * @throws ConfigurationError
 */
export async function toolOptions(
  reader: SettingsReader,
  { idempotencyFile, ...settings }: ToolSettings,
  logger: Logger,
): Promise<ToolOptions> {
  const queues = await openTaskQueues(reader, logger);
  return {
    ...settings,
    ...(idempotencyFile === undefined ? {} : { idempotencyStore: await openIdempotencyFile(idempotencyFile, logger) }),
    ...(queues === undefined ? {} : { openTaskQueues: async () => queues }),
  };
}

async function openIdempotencyFile(path: string, logger: Logger): Promise<IdempotencyStore> {
  const { openFileIdempotencyStore } = await import('../mcp/gates/idempotency/file-idempotency-store.ts');
  try {
    return await openFileIdempotencyStore({ path, logger });
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw new ConfigurationError(`SLACK_MCP_IDEMPOTENCY_FILE: ${error.message}`);
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(`SLACK_MCP_IDEMPOTENCY_FILE: ${path} cannot be read and written: ${code}`);
  }
}

/** Tools are of use without a backend, which may be meant for another process with the same environment. */
async function openTaskQueues(reader: SettingsReader, logger: Logger): Promise<McpTaskQueues | undefined> {
  if (!['QUEUE_BACKEND', 'QUEUE_BACKEND_TYPE'].some((name) => reader.env.string(name))) return undefined;
  try {
    return (await loadTaskQueues({ env: reader.env.source, logger, from: import.meta.url })) as McpTaskQueues;
  } catch (error) {
    if (!(error instanceof BackendNotFoundError)) throw error;
    logger.warn({ reason: error.message }, 'task_queues_not_loaded');
    return undefined;
  }
}
