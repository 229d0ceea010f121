import { MemoryBackend } from '../../../packages/backend-memory/src/index.ts';
import { RedisBackend } from '../../../packages/backend-redis/src/index.ts';
import { createWebhookServer } from '../../../packages/server/src/index.ts';
import { createLogger } from '../../../packages/server/src/logging/create-logger.ts';

/** The webhook server as its command creates it, with its default log level, in its own process. */
const [kind, port, secret = ''] = process.argv.slice(2);

const logger = createLogger({ level: 'info', format: 'json' }, [secret]);
const server = createWebhookServer({
  port: Number(port),
  signingSecret: secret,
  backend: async () => (kind === 'redis' ? RedisBackend : MemoryBackend).fromEnv(process.env, { logger }),
  logger,
  processMetrics: true,
});
await server.start();
process.send?.('ready');
process.once('disconnect', () => process.exit());
