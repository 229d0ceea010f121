import {
  ConfigurationError,
  type Env,
  isQueueError,
  type Logger,
  loadBackend,
  type QueueBackend,
} from '@slack-mcp/core';

const OUT_OF_REACH = [
  'only the process that publishes can read from it, and this is another process.',
  'Install a backend with a broker (for example npm install @slack-mcp/backend-redis, and set REDIS_URL),',
  'or run the handlers inside the server: slack-integrated-server --worker FILE',
].join(' ');

/**
 * Loads the backend from the environment or the application's dependencies.
 *
 * @throws ConfigurationError - the only available backend lives inside one process
 */
export async function openBackend(env: Env, logger: Logger): Promise<QueueBackend> {
  const { backend } = await loadBackend({ env, logger, appRoot: '.', from: import.meta.url }).catch(
    (error: unknown) => {
      const named = (env['QUEUE_BACKEND']?.trim() || env['QUEUE_BACKEND_TYPE']?.trim())?.toLowerCase();
      if (named === 'memory')
        throw new ConfigurationError(`the memory backend lives inside one process: ${OUT_OF_REACH}`);
      if (named || !isQueueError(error, 'ERR_QUEUE_BACKEND_NOT_FOUND')) throw error;
      throw new ConfigurationError(
        `no queue backend is installed, and the memory backend would not work: ${OUT_OF_REACH}`,
      );
    },
  );
  if (backend.capabilities.scope !== 'process') return backend;
  await backend.close();
  throw new ConfigurationError(`the ${backend.name} backend lives inside one process: ${OUT_OF_REACH}`);
}
