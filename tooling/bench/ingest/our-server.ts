import type { BackendPlugin } from '../../../packages/core/src/index.ts';
import { createWebhookServer } from '../../../packages/server/src/index.ts';
import { createLogger } from '../../../packages/server/src/logging/create-logger.ts';
import { reportUsage } from './report-usage.ts';

/** The webhook server as its command creates it, with its default log level, in its own process. */
const [name, port, secret = ''] = process.argv.slice(2);
const { default: plugin } = (await import(`../../../packages/backend-${name}/src/index.ts`)) as {
  default: BackendPlugin;
};

const logger = createLogger({ level: 'info', format: 'json' }, [secret]);
const server = createWebhookServer({
  port: Number(port),
  signingSecret: secret,
  backend: async () => plugin.Backend.fromEnv(process.env, { logger }),
  logger,
  processMetrics: true,
});
await server.start();
reportUsage();
