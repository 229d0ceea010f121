import {
  BackendNotFoundError,
  ConfigurationError,
  type IdempotencyStore,
  type Logger,
  loadIdempotencyStore,
  loadTaskQueues,
} from '@slack-mcp/core';
import type { ToolSettings } from '../config/server-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import type { McpOptions } from '../servers/serve-mcp.ts';

/**
 * Converts settings to the tool options of a server, including the stores for idempotency keys and tasks. A store is
 * loaded only if it is configured, so that a client over stdio does not wait for an unused store.
 *
 * @throws ConfigurationError
 */
export async function toolOptions(
  reader: SettingsReader,
  { idempotencyFile, ...settings }: ToolSettings,
  logger: Logger,
): Promise<McpOptions> {
  const idempotencyStore =
    idempotencyFile === undefined
      ? await sharedIdempotencyStore(reader, logger)
      : await openIdempotencyFile(idempotencyFile, logger);
  return {
    ...settings,
    ...(idempotencyStore === undefined ? {} : { idempotencyStore }),
    openTaskQueues: await taskQueues(reader, logger),
  };
}

async function openIdempotencyFile(path: string, logger: Logger): Promise<IdempotencyStore> {
  const { openFileIdempotencyStore } = await import('../tools/gates/idempotency/file-idempotency-store.ts');
  try {
    return await openFileIdempotencyStore({ path, logger });
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw new ConfigurationError(`SLACK_MCP_IDEMPOTENCY_FILE: ${error.message}`);
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(`SLACK_MCP_IDEMPOTENCY_FILE: ${path} must be readable and writable: ${code}`);
  }
}

/** Opens the idempotency store of the backend in `QUEUE_BACKEND`, if that backend is installed and has one. */
async function sharedIdempotencyStore(reader: SettingsReader, logger: Logger): Promise<McpOptions['idempotencyStore']> {
  try {
    const store = await loadIdempotencyStore({ env: reader.env.source, logger, ...reader.sources.plugins });
    return store && (() => store);
  } catch (error) {
    if (error instanceof BackendNotFoundError) return undefined;
    throw error;
  }
}

/**
 * Opens the task queues of the backend in `QUEUE_BACKEND`. If that backend is not installed, tasks are kept in memory,
 * because the variable may be meant for another process with the same environment. Nothing is logged until the server
 * has started.
 */
async function taskQueues(reader: SettingsReader, logger: Logger): Promise<McpOptions['openTaskQueues']> {
  if (!['QUEUE_BACKEND', 'QUEUE_BACKEND_TYPE'].some((name) => reader.env.string(name))) return undefined;
  const { source: env } = reader.env;
  try {
    const { queues, backend } = await loadTaskQueues({ env, logger, ...reader.sources.plugins });
    return async () => {
      logger.info({ backend }, 'task_queues_opened');
      return queues;
    };
  } catch (error) {
    if (!(error instanceof BackendNotFoundError)) throw error;
    return async () => {
      logger.warn({ reason: error.message, instead: 'memory of this process' }, 'task_queues_not_installed');
      return (await loadTaskQueues({ env: {}, logger, from: import.meta.url })).queues;
    };
  }
}
